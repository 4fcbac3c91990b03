import type { Kysely } from 'kysely';

/** Finds what belongs to a profile that is deleted: deliveries, and kept answers that show it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('delivery_of_profile').on('delivery').column('iccid').execute();
  await db.schema
    .createTable('idempotency_target')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('iccid', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('idempotency_target_key', ['account', 'iccid', 'key'])
    .addForeignKeyConstraint(
      'idempotency_target_request',
      ['account', 'key'],
      'idempotency',
      ['account', 'key'],
      (c) => c.onDelete('cascade'),
    )
    .execute();
  await db.schema
    .createIndex('idempotency_target_of')
    .on('idempotency_target')
    .columns(['account', 'key'])
    .execute();
}
