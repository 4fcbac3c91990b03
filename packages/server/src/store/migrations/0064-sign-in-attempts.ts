import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Attempts to sign in, which all servers of the store count together. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('sign_in_attempt')
    .addColumn('name', 'text', (c) => c.primaryKey().notNull())
    .addColumn('full_at', integer, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('sign_in_attempt_full').on('sign_in_attempt').column('full_at').execute();
}
