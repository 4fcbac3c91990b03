import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/**
 * Deliveries that are due at the same time, as all are after a pause was forgotten, are claimed in their order without sorting them. An index of SQLite
 * ends with the number of the row already.
 */
export async function up(db: Kysely<unknown>, { bytes }: ColumnTypes): Promise<void> {
  if (bytes === 'blob') return;
  await db.schema
    .createIndex('delivery_turn')
    .on('delivery')
    .columns(['kind', 'target', 'next_attempt_at', 'id'])
    .where(sql.ref('state'), '=', sql.lit('pending'))
    .execute();
  await db.schema.dropIndex('delivery_due').execute();
}
