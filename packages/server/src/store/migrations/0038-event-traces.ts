import type { Kysely } from 'kysely';

/** An event remembers the trace of the call that caused it, so that its deliveries become part of that trace. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('event').addColumn('traceparent', 'text').execute();
}
