import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Ranges of ICCIDs that one account may use. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('number_reservation')
    .addColumn('first', 'text', (c) => c.primaryKey().notNull())
    .addColumn('last', 'text', (c) => c.notNull().unique())
    .addColumn('account', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('created_at', integer, (c) => c.notNull())
    .execute();
}
