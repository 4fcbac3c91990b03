import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/**
 * Profiles can be found by their phone number. Those that were created from parameters get it from there; the number in a finished package
 * is read when a profile is created, so older ones have none.
 */
export async function up(db: Kysely<unknown>, { bytes }: ColumnTypes): Promise<void> {
  await db.schema.alterTable('profile').addColumn('msisdn', 'text').execute();
  await db.schema.alterTable('profile').addColumn('msisdn_digits', 'text').execute();
  const stored =
    bytes === 'blob' ? sql`json_extract(parameters, '$.msisdn')` : sql`parameters::json->>'msisdn'`;
  await sql`update profile set msisdn = (
    select ${stored} from profile_content where profile_content.iccid = profile.iccid and parameters is not null
  )`.execute(db);
  await sql`update profile set msisdn_digits = case
    when msisdn like '+%' then substr(msisdn, 2)
    when msisdn like '00_%' then substr(msisdn, 3)
    else msisdn end where msisdn is not null`.execute(db);
  await db.schema
    .createIndex('profile_account_msisdn')
    .on('profile')
    .columns(['account', 'msisdn_digits', 'iccid'])
    .where(sql.ref('msisdn_digits'), 'is not', null)
    .execute();
}
