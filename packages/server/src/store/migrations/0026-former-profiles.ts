import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** What keeps late messages about a deleted profile away from a new one with its ICCID. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema.alterTable('profile').addColumn('es2_calls', 'text').execute();
  await db.schema
    .createTable('former_profile')
    .addColumn('iccid', 'text', (c) => c.primaryKey().notNull())
    .addColumn('version', integer, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('former_call')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('call', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('former_call_key', ['account', 'call'])
    .execute();
}
