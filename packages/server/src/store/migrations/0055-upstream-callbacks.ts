import type { Kysely } from 'kysely';

/** The certificates by which calls of an upstream are known. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('upstream').addColumn('callback_certificate', 'text').execute();
}
