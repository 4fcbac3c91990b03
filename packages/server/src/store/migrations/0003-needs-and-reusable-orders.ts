import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** What profiles need of an eUICC, and orders that can be downloaded any number of times. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  const columns = [
    ['needed_bytes', integer],
    ['needed_capabilities', integer],
    ['reusable', integer],
    ['device_state', 'text'],
  ] as const;
  for (const [name, type] of columns) await db.schema.alterTable('profile').addColumn(name, type).execute();
}
