import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** How many profiles of a type are reserved ahead at its upstream, and how that is looked up. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  for (const column of ['keep_ready', 'batch', 'ready_days'])
    await db.schema
      .alterTable('upstream_type')
      .addColumn(column, integer, (c) => c.notNull().defaultTo(0))
      .execute();
  await db.schema
    .createIndex('upstream_type_kept_ready')
    .on('upstream_type')
    .columns(['account', 'profile_type'])
    .where(sql.ref('keep_ready'), '>', sql.lit(0))
    .execute();
  await db.schema
    .createIndex('operation_reservations')
    .on('operation')
    .columns(['account', 'profile_type', 'id'])
    .where(sql.ref('kind'), '=', sql.lit('reserve'))
    .execute();
}
