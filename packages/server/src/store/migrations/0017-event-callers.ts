import type { Kysely } from 'kysely';

/** Which API key or operator caused an event. It is not known of older events. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('event').addColumn('caused_by', 'text').execute();
}
