import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Events of profiles: rows are added and never changed. */
export async function up(db: Kysely<unknown>, { bytes, integer }: ColumnTypes): Promise<void> {
  const numbered = bytes === 'blob' ? sql`integer` : sql`bigint`; // SQLite numbers rows by a column of type integer
  await db.schema
    .createTable('event')
    .addColumn('id', numbered, (c) =>
      bytes === 'blob' ? c.primaryKey().autoIncrement() : c.primaryKey().generatedAlwaysAsIdentity(),
    )
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('iccid', 'text', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('eid', 'text')
    .addColumn('from_state', 'text')
    .addColumn('to_state', 'text', (c) => c.notNull())
    .addColumn('transaction_id', 'text')
    .addColumn('subject_code', 'text')
    .addColumn('reason_code', 'text')
    .addColumn('message', 'text')
    .addColumn('point', integer)
    .addColumn('result_data', bytes)
    .execute();
  await db.schema.createIndex('event_iccid').on('event').column('iccid').execute();
  await db.schema.createIndex('event_account').on('event').column('account').execute();
}
