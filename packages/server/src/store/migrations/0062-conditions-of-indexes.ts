import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** The same conditions without `in`: for that, SQLite filled a table in memory for each row that it wrote. */
export async function up(db: Kysely<unknown>, { bytes }: ColumnTypes): Promise<void> {
  if (bytes !== 'blob') return;
  const isOpen = `state = 'waiting' or state = 'sent' or state = 'unknown'`;
  const isEnd = `type = 'profile.installed' or type = 'profile.error' or type = 'download.refused'
    or type = 'confirmation_code.wrong' or type = 'confirmation_code.locked'`;
  for (const name of ['operation_open', 'operation_due', 'event_download_end'])
    await db.schema.dropIndex(name).execute();
  for (const index of [
    `unique index operation_open on operation (iccid) where ${isOpen}`,
    `index operation_due on operation (account, upstream, next_attempt_at, id) where ${isOpen}`,
    `index event_download_end on event (account, at, type, subject_code, reason_code) where ${isEnd}`,
  ])
    await sql.raw(`create ${index}`).execute(db);
}
