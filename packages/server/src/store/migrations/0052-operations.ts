import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** What is requested from upstreams and has not ended, or has; and what their answers add to profiles and events. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  for (const column of ['operation', 'upstream_matching_id', 'order_smdp_address'])
    await db.schema.alterTable('profile').addColumn(column, 'text').execute();
  await db.schema.alterTable('event').addColumn('operation', 'text').execute();
  await db.schema
    .createTable('operation')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('account', 'text', (c) => c.notNull().references('account.id').onDelete('cascade'))
    .addColumn('upstream', 'text', (c) => c.notNull())
    .addColumn('iccid', 'text')
    .addColumn('profile_type', 'text')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('calls', 'text', (c) => c.notNull())
    .addColumn('step', integer, (c) => c.notNull())
    .addColumn('terms', 'text')
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('attempts', integer, (c) => c.notNull())
    .addColumn('caused_by', 'text')
    .addColumn('requested_at', integer, (c) => c.notNull())
    .addColumn('next_attempt_at', integer, (c) => c.notNull())
    .addColumn('last_attempt_at', integer)
    .addColumn('ended_at', integer)
    .addColumn('fault_subject_code', 'text')
    .addColumn('fault_reason_code', 'text')
    .addColumn('fault_message', 'text')
    .addColumn('lease_node', 'text')
    .addColumn('lease_until', integer, (c) => c.notNull())
    .addColumn('version', integer, (c) => c.notNull())
    .execute();
  await createIndexes(db);
}

async function createIndexes(db: Kysely<unknown>): Promise<void> {
  const open = sql<boolean>`state in ('waiting', 'sent', 'unknown')`;
  const index = (name: string) => db.schema.createIndex(name).on('operation');
  await index('operation_open').unique().column('iccid').where(open).execute();
  await index('operation_due')
    .columns(['account', 'upstream', 'next_attempt_at', 'id'])
    .where(open)
    .execute();
  await index('operation_of_account').columns(['account', 'id']).execute();
  await index('operation_of_state').columns(['account', 'state', 'id']).execute();
  await index('operation_of_profile').columns(['account', 'iccid', 'id']).execute();
  await index('operation_ended')
    .column('ended_at')
    .where(sql.ref('ended_at'), 'is not', sql.lit(null))
    .execute();
}
