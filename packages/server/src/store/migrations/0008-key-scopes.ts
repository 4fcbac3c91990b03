import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Scope, name, expiry and last use of API keys. Existing keys may do everything. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  const table = () => db.schema.alterTable('api_key');
  await table()
    .addColumn('scope', 'text', (c) => c.notNull().defaultTo('admin'))
    .execute();
  await table().addColumn('name', 'text').execute();
  await table().addColumn('expires_at', integer).execute();
  await table().addColumn('last_used_at', integer).execute();
}
