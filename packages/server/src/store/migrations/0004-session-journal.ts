import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** What happened in a session, call by call, as JSON, and when that began (Unix milliseconds). */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema.alterTable('session').addColumn('journal', 'text').execute();
  await db.schema.alterTable('session').addColumn('opened_at', integer).execute();
}
