import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** The URL of a link that is sent by mail, sealed, and the delivery of the mail. The hash of the token, by which a link is found, does not say the URL. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema.alterTable('install_link').addColumn('sent_url', 'text').execute();
  await db.schema.alterTable('install_link').addColumn('sent_delivery', integer).execute();
}
