import type { Kysely } from 'kysely';

/** Which profile took the place of which. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('event').addColumn('replaces', 'text').execute();
  await db.schema.alterTable('event').addColumn('replaced_by', 'text').execute();
}
