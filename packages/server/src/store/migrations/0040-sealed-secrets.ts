import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** The keys that secrets are sealed with, and how far the secrets that were stored before are sealed. */
export async function up(db: Kysely<unknown>, { bytes, integer }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('data_key')
    .addColumn('id', integer, (c) => c.primaryKey().notNull())
    .addColumn('wrapped', bytes, (c) => c.notNull())
    .addColumn('master_key', 'text', (c) => c.notNull())
    .addColumn('begins_at', integer, (c) => c.notNull())
    .addColumn('sealed', integer, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('sealed_table')
    .addColumn('name', 'text', (c) => c.primaryKey().notNull())
    .addColumn('data_key', integer, (c) => c.notNull())
    .addColumn('last_row', 'text')
    .execute();
}
