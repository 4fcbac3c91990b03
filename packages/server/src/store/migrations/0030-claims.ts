import type { Kysely } from 'kysely';

/** What a refused call says of its eUICC and its profile, so that it can be found by them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('refused_call').addColumn('claimed_eid', 'text').execute();
  await db.schema.alterTable('refused_call').addColumn('claimed_iccid', 'text').execute();
}
