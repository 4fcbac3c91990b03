import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Packages that are stored protected, under their own keys. */
export async function up(db: Kysely<unknown>, { bytes }: ColumnTypes): Promise<void> {
  await db.schema
    .alterTable('profile')
    .addColumn('protection', 'text', (c) => c.notNull().defaultTo('session_keys'))
    .execute();
  await db.schema.alterTable('profile_content').addColumn('ppk', bytes).execute();
}
