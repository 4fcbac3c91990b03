import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** How downloads ended, by time: an index that has all that is counted, and of those events only. */
export async function up(db: Kysely<unknown>, _types: ColumnTypes): Promise<void> {
  await sql`create index event_download_end on event (account, at, type, subject_code, reason_code)
    where type in ('profile.installed', 'profile.error', 'download.refused', 'confirmation_code.wrong', 'confirmation_code.locked')`.execute(
    db,
  );
}
