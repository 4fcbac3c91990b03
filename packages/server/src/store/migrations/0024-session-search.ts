import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Sessions can be found by their profile, their eUICC, their time and the codes with which they failed. Older ones have no codes. */
export async function up(db: Kysely<unknown>, _types: ColumnTypes): Promise<void> {
  await db.schema.alterTable('session').addColumn('asked_iccid', 'text').execute();
  await db.schema.alterTable('session').addColumn('reasons', 'text').execute();
  await sql`update session set asked_iccid = iccid`.execute(db);
  for (const column of ['asked_iccid', 'eid'])
    await db.schema.createIndex(`session_${column}`).on('session').columns([column, 'opened_at']).execute();
  await db.schema.createIndex('session_opened_at').on('session').column('opened_at').execute();
}
