import type { Kysely } from 'kysely';

/** Which node has claimed a delivery. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('delivery').addColumn('lease_node', 'text').execute();
}
