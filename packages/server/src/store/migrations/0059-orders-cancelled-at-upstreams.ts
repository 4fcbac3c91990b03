import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Orders that have expired, and that their upstream has cancelled. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema.alterTable('profile').addColumn('order_cancelled_there', integer).execute();
}
