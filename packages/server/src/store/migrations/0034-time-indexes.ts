import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/**
 * SQLite ends each index with the number of the row by itself, and prefers an index that does so to one with the number as a column. So only
 * the indexes that begin with the account alone have it as a column: a longer one is used wherever it serves.
 */
export async function up(db: Kysely<unknown>, { bytes }: ColumnTypes): Promise<void> {
  const indexes = [
    ['event_of_profile', 'event', ['account', 'iccid']],
    ['event_time', 'event', ['account', 'at']],
    ['audit_time', 'audit', ['account', 'at']],
    ['delivery_time', 'delivery', ['kind', 'target', 'created_at']],
    ['event_account', 'event', ['account'], 'id'],
    ['audit_account', 'audit', ['account'], 'id'],
  ] as const;
  for (const [name, table, columns, ...last] of indexes) {
    await db.schema.dropIndex(name).execute();
    await db.schema
      .createIndex(name)
      .on(table)
      .columns([...columns, ...(bytes === 'blob' ? last : ['id'])])
      .execute();
  }
}
