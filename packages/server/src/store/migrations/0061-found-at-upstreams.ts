import { type Kysely, sql } from 'kysely';

/** MatchingIDs of upstreams are found by a keyed hash. The job that seals what was stored before looks through the profiles again, and adds it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('profile').addColumn('upstream_matching_id_hash', 'text').execute();
  await db.schema
    .createIndex('profile_account_upstream_matching_id')
    .on('profile')
    .columns(['account', 'upstream_matching_id_hash', 'iccid'])
    .where(sql.ref('upstream_matching_id_hash'), 'is not', sql.lit(null))
    .execute();
  await sql`delete from sealed_table where name = 'profile'`.execute(db);
}
