import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Says since which schema programs can use the tables: servers of the release before continue, and may be started again. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema.alterTable('migration').addColumn('usable_from', integer).execute();
}
