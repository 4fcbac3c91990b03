import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Passkeys of people and the challenges that they sign, and who a person is at an OpenID provider. */
export async function up(db: Kysely<unknown>, { bytes, integer }: ColumnTypes): Promise<void> {
  await db.schema.alterTable('person').addColumn('openid_subject', 'text').execute();
  await db.schema
    .createTable('passkey')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('account', 'text', (c) => c.notNull().references('account.id').onDelete('cascade'))
    .addColumn('person', 'text', (c) => c.notNull())
    .addColumn('credential_id', bytes, (c) => c.notNull())
    .addColumn('public_key', bytes, (c) => c.notNull())
    .addColumn('rp_id', 'text', (c) => c.notNull())
    .addColumn('counter', integer, (c) => c.notNull())
    .addColumn('transports', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('used_at', integer)
    .execute();
  await db.schema.createIndex('passkey_credential').on('passkey').column('credential_id').unique().execute();
  await db.schema.createIndex('passkey_person').on('passkey').columns(['person', 'created_at']).execute();
  await db.schema.createIndex('passkey_account').on('passkey').column('account').execute();
  await db.schema
    .createTable('passkey_challenge')
    .addColumn('hash', bytes, (c) => c.primaryKey().notNull())
    .addColumn('person', 'text')
    .addColumn('ends_at', integer, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('passkey_challenge_end').on('passkey_challenge').column('ends_at').execute();
}
