import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Where downloads are reported to operators. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  for (const name of ['url', 'style', 'certificate', 'key', 'ca'])
    await db.schema.alterTable('operator').addColumn(`progress_${name}`, 'text').execute();
  await db.schema.alterTable('operator').addColumn('progress_from', integer).execute();
}
