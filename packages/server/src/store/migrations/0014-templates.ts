import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Templates: what profiles of a type are created from when none is AVAILABLE. */
export async function up(db: Kysely<unknown>, { integer, bytes }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('template')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('account', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('profile_type', 'text', (c) => c.notNull())
    .addColumn('terms', 'text', (c) => c.notNull())
    .addColumn('iccid_start', 'text', (c) => c.notNull())
    .addColumn('imsi_start', 'text', (c) => c.notNull())
    .addColumn('msisdn_start', 'text')
    .addColumn('size', integer, (c) => c.notNull())
    .addColumn('passed', integer, (c) => c.notNull())
    .addColumn('master_key', bytes)
    .addColumn('created_at', integer, (c) => c.notNull())
    .addUniqueConstraint('template_of_type', ['account', 'profile_type'])
    .execute();
}
