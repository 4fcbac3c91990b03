import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Every call of REST looks up the keys of an account that have not expired. */
export async function up(db: Kysely<unknown>, _types: ColumnTypes): Promise<void> {
  await db.schema.dropIndex('api_key_account').execute();
  await db.schema
    .createIndex('api_key_expires_at')
    .on('api_key')
    .columns(['account', 'expires_at'])
    .execute();
}
