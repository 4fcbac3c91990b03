import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** Webhook endpoints, deliveries, and how far events were fanned out. */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await createEndpoints(db, types);
  await createDeliveries(db, types);
  await createCursor(db, types);
}

async function createEndpoints(db: Kysely<unknown>, { integer, bytes }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('webhook_endpoint')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('account', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('description', 'text', (c) => c.notNull())
    .addColumn('events', 'text', (c) => c.notNull())
    .addColumn('secret', bytes, (c) => c.notNull())
    .addColumn('previous_secret', bytes)
    .addColumn('previous_until', integer)
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('hears_from', integer, (c) => c.notNull())
    .addColumn('failing_since', integer)
    .addColumn('disabled_at', integer)
    .addColumn('disabled_reason', 'text')
    .execute();
  await db.schema
    .createIndex('webhook_endpoint_account')
    .on('webhook_endpoint')
    .columns(['account', 'created_at'])
    .execute();
}

async function createDeliveries(db: Kysely<unknown>, { integer, bytes }: ColumnTypes): Promise<void> {
  const numbered = bytes === 'blob' ? sql`integer` : sql`bigint`; // SQLite numbers rows by a column of type integer
  await db.schema
    .createTable('delivery')
    .addColumn('id', numbered, (c) =>
      bytes === 'blob' ? c.primaryKey().autoIncrement() : c.primaryKey().generatedAlwaysAsIdentity(),
    )
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('target', 'text', (c) => c.notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('event_id', integer)
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('iccid', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('attempts', integer, (c) => c.notNull())
    .addColumn('next_attempt_at', integer, (c) => c.notNull())
    .addColumn('lease_until', integer, (c) => c.notNull())
    .addColumn('last_attempt_at', integer)
    .addColumn('last_status', integer)
    .addColumn('last_error', 'text')
    .addColumn('created_at', integer, (c) => c.notNull())
    .execute();
  const pending = {
    delivery_due: ['kind', 'target', 'next_attempt_at'],
    delivery_order: ['kind', 'target', 'iccid', 'id'],
  };
  for (const [name, columns] of Object.entries(pending))
    await db.schema
      .createIndex(name)
      .on('delivery')
      .columns(columns)
      .where(sql.ref('state'), '=', sql.lit('pending'))
      .execute();
  await db.schema.createIndex('delivery_log').on('delivery').columns(['kind', 'target', 'id']).execute();
  await db.schema.createIndex('delivery_age').on('delivery').column('created_at').execute();
}

/** Events from before there were subscriptions are not delivered. */
async function createCursor(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('outbox')
    .addColumn('last_event', integer, (c) => c.notNull())
    .execute();
  await sql`insert into outbox (last_event) select coalesce(max(id), 0) from event`.execute(db);
}
