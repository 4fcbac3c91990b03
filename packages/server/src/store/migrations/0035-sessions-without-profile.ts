import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** The sessions of eUICCs that asked for no profile which exists, by time. PostgreSQL reads no other index of them in order. */
export async function up(db: Kysely<unknown>, _types: ColumnTypes): Promise<void> {
  await db.schema
    .createIndex('session_without_profile')
    .on('session')
    .column('opened_at')
    .where('asked_iccid' as never, 'is', null)
    .execute();
}
