import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** The audit log: rows are added and never changed. */
export async function up(db: Kysely<unknown>, { bytes, integer }: ColumnTypes): Promise<void> {
  const numbered = bytes === 'blob' ? sql`integer` : sql`bigint`; // SQLite numbers rows by a column of type integer
  await db.schema
    .createTable('audit')
    .addColumn('id', numbered, (c) =>
      bytes === 'blob' ? c.primaryKey().autoIncrement() : c.primaryKey().generatedAlwaysAsIdentity(),
    )
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('key_id', 'text')
    .addColumn('address', 'text')
    .addColumn('operation', 'text', (c) => c.notNull())
    .addColumn('target', 'text')
    .addColumn('status', integer)
    .addColumn('request_id', 'text')
    .execute();
  await db.schema.createIndex('audit_account').on('audit').column('account').execute();
}
