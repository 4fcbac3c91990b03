import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** MatchingIDs are sealed, and found by a keyed hash. Values that are not sealed are refused once all are: every table is looked through again before that. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema.alterTable('profile').addColumn('matching_id_sealed', 'text').execute();
  await db.schema.alterTable('data_key').addColumn('refuses_plain', integer).execute();
  await sql`delete from sealed_table`.execute(db);
}
