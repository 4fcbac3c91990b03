import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Requests with an Idempotency-Key, and their answers. */
export async function up(db: Kysely<unknown>, { bytes, integer }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('idempotency')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('begun_at', integer, (c) => c.notNull())
    .addColumn('status', integer)
    .addColumn('sealed', bytes)
    .addPrimaryKeyConstraint('idempotency_key', ['account', 'key'])
    .execute();
  await db.schema.createIndex('idempotency_begun_at').on('idempotency').column('begun_at').execute();
}
