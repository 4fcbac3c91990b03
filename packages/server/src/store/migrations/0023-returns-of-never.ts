import { type Kysely, sql } from 'kysely';

/** Orders of the policy NEVER had no returns left, as if all had been used. None was: with another policy they are counted from there. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`update profile set reuses_left = reuse_max_count where reuse_type = 'NEVER'`.execute(db);
}
