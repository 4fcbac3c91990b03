import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** When the content of an audit entry was erased, and why, which another entry says. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema.alterTable('audit').addColumn('erased_at', integer).execute();
  await db.schema.alterTable('audit').addColumn('reason', 'text').execute();
}
