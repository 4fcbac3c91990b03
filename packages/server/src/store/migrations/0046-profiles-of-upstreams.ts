import type { Kysely } from 'kysely';

/** Profiles whose package another SM-DP+ has. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('profile').addColumn('upstream', 'text').execute();
}
