import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** People who have signed in, and the links that sign them in once. */
export async function up(db: Kysely<unknown>, { bytes, integer }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('console_session')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('hash', bytes, (c) => c.notNull().unique())
    .addColumn('account', 'text', (c) => c.notNull().references('account.id').onDelete('cascade'))
    .addColumn('key_id', 'text')
    .addColumn('person', 'text')
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('last_used_at', integer, (c) => c.notNull())
    .addColumn('ends_at', integer, (c) => c.notNull())
    .addColumn('address', 'text')
    .addColumn('user_agent', 'text')
    .execute();
  await db.schema
    .createIndex('console_session_account')
    .on('console_session')
    .columns(['account', 'created_at'])
    .execute();
  await db.schema.createIndex('console_session_ends_at').on('console_session').column('ends_at').execute();
  await db.schema.createIndex('console_session_person').on('console_session').column('person').execute();
  await db.schema
    .createTable('console_ticket')
    .addColumn('hash', bytes, (c) => c.primaryKey().notNull())
    .addColumn('account', 'text', (c) => c.notNull().references('account.id').onDelete('cascade'))
    .addColumn('key_id', 'text')
    .addColumn('person', 'text')
    .addColumn('ends_at', integer, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('console_ticket_ends_at').on('console_ticket').column('ends_at').execute();
}
