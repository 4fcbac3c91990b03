import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { Kysely, sql } from 'kysely';
import { scopeOf } from '../ports/permissions.ts';
import type { ServerStore } from '../ports/server-store.ts';
import { nodeSqliteDialect } from '../sqlite/connection/dialect.ts';
import type { ColumnTypes } from './column-types.ts';

/** Databases of every earlier schema: the migrations create them, and rows are inserted that a server of that schema could have. */

type Migration = { up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> };

const files = readdirSync(import.meta.dirname)
  .filter((name) => /^\d{4}-.*\.ts$/.test(name))
  .sort();

/** Runs the migrations after `from`, up to `to`, as an older program would have. */
export async function runMigrations(
  kysely: Kysely<unknown>,
  types: ColumnTypes,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  if (from === 0) {
    const table = kysely.schema.createTable('migration');
    await table.addColumn('number', types.integer, (c) => c.primaryKey().notNull()).execute();
  }
  for (let number = from + 1; number <= to; number++) {
    const migration = (await import(new URL(files[number - 1] as string, import.meta.url).href)) as Migration;
    await kysely.transaction().execute((transaction) => migration.up(transaction, types));
    await sql`insert into migration (number) values (${number})`.execute(kysely);
  }
}

/** The schema of the fixture whose rows fit into the older ones. */
const FIXTURE = 14;
const fixture = readFileSync(new URL(`schema-${FIXTURE}.testdata.sql`, import.meta.url), 'utf8');

const ACCOUNT = 'demo';
const REUSABLE = parseIccid('8900101000000000035');
const USER = parseEid('89049032000000000000000000000163');

/** What came with a migration after the fixture. */
const addedWith: Readonly<Record<number, string>> = {
  19: `insert into transaction_secret values (3, x'${'ab'.repeat(32)}', 1795872000000);
    insert into refused_call (at, address, function, subject_code, reason_code, message, check_key, transaction_id, ci_pk_ids, skipped)
      values (1795872000000, '192.0.2.1', 'authenticateClient', '8.1', '6.1', 'wrong signature', null, null, 'aa bb', 2)`,
  20: `insert into number_reservation values ('8900101000000000000', '8900101000000009999', '${ACCOUNT}', 1795872000)`,
  22: `insert into profile_use values ('${REUSABLE}', '${USER}', 'order-1', null, null, null, 'INSTALLED', 7, 1795872000, 2)`,
  25: `insert into idempotency_target select account, '${REUSABLE}', key from idempotency limit 1`,
  26: `insert into former_profile values ('8900101999000000001', 9);
    insert into former_call values ('${ACCOUNT}', 'call-of-a-former-profile')`,
  27: `update event set replaces = '8900101000000000019' where id = 20`,
  29: `update profile set earlier_devices = '[{"eid":"any","lastSeqNumber":3,"isDeleted":false}]' where iccid = '${REUSABLE}'`,
  30: `update refused_call set claimed_eid = '${USER}', claimed_iccid = '${REUSABLE}'`,
  31: `update delivery set lease_node = 'node-1' where state = 'pending'`,
};

/** The last database with the rows of the fixture that was written: one of a later schema continues it, so that each migration runs once. */
let last: { readonly schema: number; readonly image: Uint8Array } | undefined;

/** The image of a SQLite database with the tables of that schema, and rows. */
export async function earlierDatabase(schema: number): Promise<Uint8Array> {
  using db = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false });
  const kysely = new Kysely<unknown>({ dialect: nodeSqliteDialect(db) });
  const types: ColumnTypes = { bytes: 'blob', integer: 'integer', byKey: 'without rowid' };
  if (schema < FIXTURE) {
    await runMigrations(kysely, types, { from: 0, to: schema });
    insertFitting(db);
    return db.serialize();
  }
  const from = last !== undefined && last.schema <= schema ? last : undefined;
  if (from === undefined) db.exec(fixture);
  else db.deserialize(from.image);
  for (let number = (from?.schema ?? FIXTURE) + 1; number <= schema; number++) {
    await runMigrations(kysely, types, { from: number - 1, to: number });
    db.exec(addedWith[number] ?? '');
  }
  last = { schema, image: db.serialize() };
  return last.image;
}

/** The rows of the fixture, with the columns that the database has. */
function insertFitting(db: DatabaseSync): void {
  using full = new DatabaseSync(':memory:');
  full.exec(fixture);
  for (const table of tablesOf(db)) {
    const has = new Set(columnsOf(db, table));
    const names = columnsOf(full, table).filter((name) => has.has(name));
    const list = names.map((name) => `"${name}"`).join(', ');
    db.exec(`delete from ${table}`);
    const insert = db.prepare(`insert into ${table} (${list}) values (${names.map(() => '?').join(', ')})`);
    for (const row of full.prepare(`select ${list} from ${table}`).all())
      insert.run(...names.map((name) => row[name] as SQLInputValue));
  }
}

const tablesOf = (db: DatabaseSync) =>
  db
    .prepare(
      "select name from sqlite_schema where type = 'table' and name not like 'sqlite^_%' escape '^' and name <> 'migration'",
    )
    .all()
    .map(({ name }) => String(name));

const columnsOf = (db: DatabaseSync, table: string) =>
  db
    .prepare('select name from pragma_table_info(?)')
    .all(table)
    .map(({ name }) => String(name));

/** Asserts that a store that had that schema reads everything that was in it. */
export async function readsAllOf(store: ServerStore, schema: number): Promise<void> {
  await readsStock(store);
  await readsLogs(store, schema);
  await readsTargets(store, schema);
  await readsAdded(store, schema);
  assert.deepEqual(store.unreadableRows(), []);
}

async function readsStock(store: ServerStore): Promise<void> {
  assert.deepEqual(
    (await store.accounts()).map(({ id }) => id),
    [ACCOUNT],
  );
  const { profiles, total } = await store.listProfiles({ account: ACCOUNT, count: 100, offset: 0 });
  assert.deepEqual([profiles.length, total], [17, 17]);
  for (const { iccid, state } of profiles) {
    const profile = (await store.profile(iccid)) ?? assert.fail(`${iccid} is gone`);
    assert.equal(profile.state, state);
    const content = (await store.content(iccid)) ?? assert.fail(`the content of ${iccid} is gone`);
    if ('parameters' in content) assert.equal(profile.msisdn, content.parameters.msisdn);
    assert.equal(await store.save([{ profile }]), 'saved');
  }
  const byEid = await store.searchProfiles({
    ...{ account: ACCOUNT, order: 'iccid', descending: false, count: 100 },
    eid: profiles.find(({ eid }) => eid !== undefined)?.eid ?? assert.fail('no profile has an EID'),
  });
  assert.ok(byEid.profiles.length > 0);
  const { counts } = await store.profileTypes({ account: ACCOUNT, most: 100 });
  assert.ok(counts.length > 0);
}

async function readsLogs(store: ServerStore, schema: number): Promise<void> {
  const since = (first: number, count: number) => (schema < first ? 0 : count);
  assert.equal((await store.recentSessions(100)).length, 6);
  const events = (await store.events({ account: ACCOUNT, count: 100 })).items;
  assert.equal(events.length, since(6, 21));
  assert.ok(events.every(({ type }) => !['profile.stocked', 'profile.changed'].includes(type)));
  const audit = (await store.auditEntries({ account: ACCOUNT, count: 100 })).items;
  assert.equal(audit.length, since(10, 12));
  const request = { account: ACCOUNT, key: 'k1', fingerprint: '', begunAt: 1_795_872_060_000 };
  assert.equal((await store.beginRequest(request, 0)) === 'started', schema < 11);
}

async function readsTargets(store: ServerStore, schema: number): Promise<void> {
  const since = (first: number, count: number) => (schema < first ? 0 : count);
  const keys = await store.apiKeys(ACCOUNT);
  assert.deepEqual(
    keys.map(({ permissions }) => scopeOf(permissions)),
    ['admin', schema < 8 ? 'admin' : 'read'],
  );
  const hooks = await store.webhooks(ACCOUNT);
  assert.equal(hooks.length, since(9, 3));
  let deliveries = 0;
  for (const { id } of hooks)
    deliveries += (await store.deliveries({ kind: 'webhook', target: id, count: 100 })).items.length;
  assert.equal(deliveries > 0, schema >= 9);
  const operators = await store.operators();
  assert.deepEqual(
    operators.map(({ name, progress }) => [name, progress?.style]),
    schema < 5 ? [] : [['shop', schema < 12 ? undefined : '101']],
  );
  assert.equal((await store.templates(ACCOUNT)).length, since(14, 2));
}

async function readsAdded(store: ServerStore, schema: number): Promise<void> {
  const secrets = await store.transactionSecrets();
  assert.deepEqual(
    secrets.map(({ number }) => number),
    schema < 19 ? [] : [3],
  );
  const refused = await store.refusedCalls({ count: 10 });
  assert.deepEqual(
    refused.map(({ skipped, claimedEid }) => [skipped, claimedEid]),
    schema < 19 ? [] : [[2, schema < 30 ? undefined : USER]],
  );
  assert.equal((await store.numberReservations()).length, schema < 20 ? 0 : 1);
  const use = await store.use(REUSABLE, USER);
  assert.equal(use?.device?.lastSeqNumber, schema < 22 ? undefined : 7);
  const event = (await store.events({ account: ACCOUNT, count: 100 })).items.find(({ id }) => id === 20);
  assert.equal(event?.replaces, schema < 27 ? undefined : '8900101000000000019');
  const profile = await store.profile(REUSABLE);
  assert.equal(profile?.earlierDevices?.length, schema < 29 ? undefined : 1);
}
