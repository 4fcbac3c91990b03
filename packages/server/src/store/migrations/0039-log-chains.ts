import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/**
 * Chains over the logs: for each account and log, a link for each entry, and how far the entries of each log have links. Signed anchors hold the
 * heads of the chains. A lease says which node does a job that one node does.
 */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await createChains(db, types);
  await createAnchors(db, types);
  await db.schema
    .createTable('job_lease')
    .addColumn('name', 'text', (c) => c.primaryKey().notNull())
    .addColumn('node', 'text', (c) => c.notNull())
    .addColumn('lease_until', types.integer, (c) => c.notNull())
    .modifyEnd(sql.raw(types.byKey))
    .execute();
  if (types.bytes === 'blob') return;
  // as for events: a transaction has its own number before an entry gets one
  await sql`create trigger audit_number before insert on audit
    for each statement execute function number_transaction()`.execute(db);
}

async function createChains(db: Kysely<unknown>, { bytes, integer, byKey }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('chain')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('log', 'text', (c) => c.notNull())
    .addColumn('number', integer, (c) => c.notNull())
    .addColumn('last_entry', integer, (c) => c.notNull())
    .addColumn('head', bytes, (c) => c.notNull())
    .addColumn('cut_entry', integer, (c) => c.notNull())
    .addColumn('cut_head', bytes, (c) => c.notNull())
    .addPrimaryKeyConstraint('chain_key', ['account', 'log'])
    .modifyEnd(sql.raw(byKey))
    .execute();
  await db.schema.createIndex('chain_number').on('chain').column('number').unique().execute();
  await db.schema
    .createTable('chain_link')
    .addColumn('chain', integer, (c) => c.notNull())
    .addColumn('entry', integer, (c) => c.notNull())
    .addColumn('salt', bytes)
    .addColumn('hash', bytes, (c) => c.notNull())
    .addColumn('head', bytes, (c) => c.notNull())
    .addPrimaryKeyConstraint('chain_link_key', ['chain', 'entry'])
    .modifyEnd(sql.raw(byKey))
    .execute();
  await db.schema
    .createTable('chain_position')
    .addColumn('log', 'text', (c) => c.primaryKey().notNull())
    .addColumn('last_entry', integer, (c) => c.notNull())
    .addColumn('erasures', integer, (c) => c.notNull())
    .modifyEnd(sql.raw(byKey))
    .execute();
  await sql`insert into chain_position (log, last_entry, erasures) values ('audit', 0, 0), ('event', 0, 0)`.execute(
    db,
  );
}

async function createAnchors(db: Kysely<unknown>, { integer, byKey }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('chain_anchor')
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('number', integer, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('line', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('chain_anchor_key', ['key', 'number'])
    .modifyEnd(sql.raw(byKey))
    .execute();
  await db.schema.createIndex('chain_anchor_at').on('chain_anchor').column('at').execute();
}
