import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Who gets alerts by mail, the stock that is low for each type, and which alerts were raised: each once until it ends. */
export async function up(db: Kysely<unknown>, { integer, byKey }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('mail_recipient')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('kinds', 'text', (c) => c.notNull())
    .addColumn('language', 'text', (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('mail_recipient_key', ['account', 'address'])
    .modifyEnd(sql.raw(byKey))
    .execute();
  await db.schema
    .createTable('alert')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('level', integer, (c) => c.notNull())
    .addColumn('changed_at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('alert_key', ['account', 'subject'])
    .modifyEnd(sql.raw(byKey))
    .execute();
  await db.schema
    .createTable('stock_limit')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('profile_type', 'text', (c) => c.notNull())
    .addColumn('low_at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('stock_limit_key', ['account', 'profile_type'])
    .modifyEnd(sql.raw(byKey))
    .execute();
}
