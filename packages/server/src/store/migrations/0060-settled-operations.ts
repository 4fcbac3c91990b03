import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Who has settled an operation. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema.alterTable('operation').addColumn('settled_by', 'text').execute();
  await db.schema.alterTable('operation').addColumn('settled_at', integer).execute();
}
