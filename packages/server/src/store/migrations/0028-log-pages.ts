import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Indexes for lists by time, and for the searches that read all orders of an eUICC, or all whose time was over, whatever their state. */
export async function up(db: Kysely<unknown>, _types: ColumnTypes): Promise<void> {
  const index = (name: string, table: string, columns: string[]) =>
    db.schema.createIndex(name).on(table).columns(columns);
  for (const old of ['event_iccid', 'audit_at', 'profile_waiting', 'profile_order_expires_at'])
    await db.schema.dropIndex(old).execute();
  await index('event_of_profile', 'event', ['account', 'iccid', 'id']).execute();
  await index('event_time', 'event', ['account', 'at', 'id']).execute();
  await index('audit_time', 'audit', ['account', 'at', 'id']).execute();
  await index('delivery_time', 'delivery', ['kind', 'target', 'created_at', 'id']).execute();
  await index('profile_waiting', 'profile', ['order_eid', 'matching_id', 'state', 'released_at', 'iccid'])
    .where(sql.ref('order_eid'), 'is not', null)
    .execute();
  await index('profile_order_expires_at', 'profile', ['state', 'reusable', 'order_expires_at'])
    .where(sql.ref('order_expires_at'), 'is not', null)
    .execute();
}
