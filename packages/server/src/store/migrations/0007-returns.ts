import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Profiles that return after a cool-down; indexes that find them, and expired orders, when they are due. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema.alterTable('profile').addColumn('not_eid', 'text').execute();
  await db.schema.alterTable('profile').addColumn('returns_at', integer).execute();
  for (const column of ['returns_at', 'order_expires_at'])
    await db.schema
      .createIndex(`profile_${column}`)
      .on('profile')
      .column(column)
      .where(sql.ref(column), 'is not', null)
      .execute();
}
