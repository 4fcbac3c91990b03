import type { Kysely } from 'kysely';

/** What happened in a session, call by call, as JSON. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('session').addColumn('journal', 'text').execute();
}
