import type { Kysely } from 'kysely';

/** Requests with an Idempotency-Key whose work is done, and what it was: recorded in the transaction of the work. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('idempotency').addColumn('done', 'text').execute();
  await db.schema.alterTable('idempotency').addColumn('done_id', 'text').execute();
}
