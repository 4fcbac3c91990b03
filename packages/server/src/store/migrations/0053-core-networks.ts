import type { Kysely } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Core networks that get the subscriptions of profiles, and which subscriptions they have. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('core_network')
    .addColumn('account', 'text', (c) => c.notNull().references('account.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('settings', 'text', (c) => c.notNull())
    .addColumn('credentials', 'text', (c) => c.notNull())
    .addColumn('after_event', integer, (c) => c.notNull())
    .addColumn('failing_since', integer)
    .addColumn('last_error', 'text')
    .addColumn('is_reported', integer, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('core_network_key', ['account', 'name'])
    .execute();
  await db.schema
    .createTable('core_subscriber')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('core_network', 'text', (c) => c.notNull())
    .addColumn('imsi', 'text', (c) => c.notNull())
    .addColumn('iccid', 'text', (c) => c.notNull())
    .addColumn('sent_at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('core_subscriber_key', ['account', 'core_network', 'imsi'])
    .addForeignKeyConstraint(
      'core_network_of_subscriber',
      ['account', 'core_network'],
      'core_network',
      ['account', 'name'],
      (c) => c.onDelete('cascade'),
    )
    .execute();
  await db.schema
    .createIndex('core_subscriber_profile')
    .on('core_subscriber')
    .columns(['account', 'core_network', 'iccid'])
    .execute();
}
