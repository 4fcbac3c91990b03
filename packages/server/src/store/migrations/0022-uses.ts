import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** What each eUICC does with a profile whose order is reusable. */
export async function up(db: Kysely<unknown>, { integer, bytes }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('profile_use')
    .addColumn('iccid', 'text', (c) => c.notNull().references('profile.iccid').onDelete('cascade'))
    .addColumn('eid', 'text', (c) => c.notNull())
    .addColumn('order_id', 'text')
    .addColumn('euicc_otpk', bytes)
    .addColumn('ot_sk_dp', bytes)
    .addColumn('host_id', bytes)
    .addColumn('device_state', 'text')
    .addColumn('last_seq_number', integer)
    .addColumn('last_notification_at', integer)
    .addColumn('version', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('profile_use_key', ['iccid', 'eid'])
    .execute();
}
