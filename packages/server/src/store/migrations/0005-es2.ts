import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Operators, the ES2+ calls of an order, the order of a session, and an index of AVAILABLE profiles by type. */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await createOperators(db, types);
  await noteCalls(db);
}

async function createOperators(db: Kysely<unknown>, { integer, bytes }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('operator')
    .addColumn('name', 'text', (c) => c.primaryKey().notNull())
    .addColumn('account', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('certificate_sha256', bytes)
    .addColumn('ca_certificate', bytes)
    .addColumn('requester_identifiers', 'text', (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addCheckConstraint('operator_either', sql`(certificate_sha256 is null) <> (ca_certificate is null)`)
    .execute();
}

async function noteCalls(db: Kysely<unknown>): Promise<void> {
  const calls = ['download_order_call', 'confirm_order_call', 'release_profile_call', 'cancel_order_call'];
  for (const name of [...calls, 'order_id'])
    await db.schema.alterTable('profile').addColumn(name, 'text').execute();
  await db.schema.alterTable('session').addColumn('order_id', 'text').execute();
  await db.schema
    .createIndex('profile_download_order_call')
    .unique()
    .on('profile')
    .columns(['account', 'download_order_call'])
    .where(sql.ref('download_order_call'), 'is not', null)
    .execute();
  await db.schema
    .createIndex('profile_stock')
    .on('profile')
    .columns(['account', 'profile_type', 'state', 'changed_at', 'iccid'])
    .where(sql.ref('profile_type'), 'is not', null)
    .execute();
}
