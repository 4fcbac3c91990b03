import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Other SM-DP+ at which accounts order profiles, and the profile types that come from them. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('upstream')
    .addColumn('account', 'text', (c) => c.notNull().references('account.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('client_certificate', 'text', (c) => c.notNull())
    .addColumn('client_key', 'text', (c) => c.notNull())
    .addColumn('ca', 'text')
    .addColumn('requester_identifier', 'text', (c) => c.notNull())
    .addColumn('smdp_address', 'text', (c) => c.notNull())
    .addColumn('dialect', 'text', (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('upstream_key', ['account', 'name'])
    .execute();
  await db.schema
    .createTable('upstream_type')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('profile_type', 'text', (c) => c.notNull())
    .addColumn('upstream', 'text', (c) => c.notNull())
    .addColumn('vendor_type', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('upstream_type_key', ['account', 'profile_type'])
    .addForeignKeyConstraint('upstream_of_type', ['account', 'upstream'], 'upstream', ['account', 'name'])
    .execute();
}
