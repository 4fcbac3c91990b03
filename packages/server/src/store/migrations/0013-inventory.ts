import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Indexes of profiles by EID, IMSI, type and last change. A download writes only the index of the last change, and once that of the EID. */
export async function up(db: Kysely<unknown>, _types: ColumnTypes): Promise<void> {
  await db.schema.alterTable('profile').addColumn('eid', 'text').execute();
  await sql`update profile set eid = coalesce(linked_eid, device_eid, binding_eid, order_eid)`.execute(db);
  const profile = (name: string) => db.schema.createIndex(`profile_account_${name}`).on('profile');
  await profile('imsi').columns(['account', 'imsi', 'iccid']).execute();
  await profile('changed_at').columns(['account', 'changed_at', 'iccid']).execute();
  for (const column of ['eid', 'profile_type'])
    await profile(column)
      .columns(['account', column, 'iccid'])
      .where(sql.ref(column), 'is not', null)
      .execute();
}
