import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** People, who sign in with their e-mail address. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('person')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('account', 'text', (c) => c.notNull().references('account.id').onDelete('cascade'))
    .addColumn('email', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('password_hash', 'text')
    .addColumn('disabled_at', integer)
    .addColumn('signed_in_at', integer)
    .execute();
  await db.schema.createIndex('person_account').on('person').columns(['account', 'email']).unique().execute();
  await db.schema.createIndex('person_email').on('person').columns(['email', 'signed_in_at']).execute();
  await db.schema.createIndex('console_ticket_person').on('console_ticket').column('person').execute();
}
