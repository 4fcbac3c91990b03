import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { scopeOf } from '../ports/permissions.ts';
import { formatSecret } from '../ports/webhook-secret.ts';
import { openSqliteStore } from '../sqlite/store.ts';

/** Databases that older versions wrote, as SQL text beside the migrations: the current code opens them and reads every record. */

const folder = mkdtempSync(join(tmpdir(), 'esim-old-databases-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let counter = 0;

/** A new file with the database of that schema, as the old version left it. */
function fileOf(schema: number): string {
  const path = join(folder, `${++counter}.db`);
  using db = new DatabaseSync(path);
  db.exec(readFileSync(new URL(`schema-${schema}.testdata.sql`, import.meta.url), 'utf8'));
  return path;
}

/** A store on a copy of that database. */
const openOld = (schema: number) => openedAt(fileOf(schema));

async function openedAt(path: string) {
  const store = await openSqliteStore(path);
  return { store, [Symbol.asyncDispose]: () => store.close() };
}

/** Every table and index, with its columns and constraints. */
function schemaOf(path: string): unknown {
  using db = new DatabaseSync(path);
  return db.prepare('select type, name, sql from sqlite_schema order by type, name').all();
}

const schemas = globSync('schema-*.testdata.sql', { cwd: import.meta.dirname }).map((name) =>
  Number(/\d+/.exec(name)?.[0]),
);

for (const schema of schemas)
  test(`a database of schema ${schema} gets the tables and indexes of a new one`, async () => {
    const [old, fresh] = [fileOf(schema), join(folder, `${++counter}.db`)];
    for (const path of [old, fresh]) await (await openSqliteStore(path)).close();
    assert.deepEqual(schemaOf(old), schemaOf(fresh));
  });

const account = 'demo';
const HOOK = 'we_a0e9503a1ab1a3a8a4cd17e5';
const DISABLED = 'we_e6075f9fbb69cf4ce035e8af';
/** Type, state before and state after, in their order. */
const eventsOf14 = [
  ['download.checked', 'RELEASED', 'RELEASED'],
  ['profile.downloaded', 'RELEASED', 'DOWNLOADED'],
  ['profile.installed', 'DOWNLOADED', 'INSTALLED'],
  ['download.checked', 'RELEASED', 'RELEASED'],
  ['confirmation_code.wrong', 'RELEASED', 'RELEASED'],
  ['download.checked', 'RELEASED', 'RELEASED'],
  ['profile.downloaded', 'RELEASED', 'DOWNLOADED'],
  ['profile.installed', 'DOWNLOADED', 'INSTALLED'],
  ['profile.created', undefined, 'AVAILABLE'],
  ['profile.ordered', 'AVAILABLE', 'ALLOCATED'],
  ['profile.released', 'ALLOCATED', 'RELEASED'],
  ['profile.created', undefined, 'AVAILABLE'],
  ['profile.ordered', 'AVAILABLE', 'ALLOCATED'],
  ['profile.released', 'ALLOCATED', 'RELEASED'],
  ['profile.enabled', 'INSTALLED', 'ENABLED'],
  ['profile.disabled', 'ENABLED', 'DISABLED'],
  ['profile.deleted', 'DISABLED', 'DELETED'],
  ['profile.retired', 'AVAILABLE', 'UNAVAILABLE'],
  ['profile.reset', 'UNAVAILABLE', 'AVAILABLE'],
  ['profile.retired', 'AVAILABLE', 'UNAVAILABLE'],
  ['profile.error', 'DOWNLOADED', 'ERROR'],
];
const states = {
  '8900101000000000019': 'DELETED',
  '8900101000000000027': 'INSTALLED',
  '8900101000000000035': 'RELEASED',
  '8900101000000000043': 'UNAVAILABLE',
  '8900101000000000050': 'ALLOCATED',
  '8900101000000000068': 'LINKED',
  '8900101000000000076': 'CONFIRMED',
  '8900101000000000084': 'DOWNLOADED',
  '8900101000000000092': 'INSTALLED',
  '8900101000000000100': 'ENABLED',
  '8900101000000000118': 'DISABLED',
  '8900101000000000126': 'DELETED',
  '8900101000000000134': 'ERROR',
  '8900101777000000004': 'RELEASED',
  '8900101778000000002': 'RELEASED',
  '8988201000000000004': 'AVAILABLE',
  '8988201000000000005': 'AVAILABLE',
} as const;

test('the profiles of schema 14 are read, with what is inside them', async () => {
  await using db = await openOld(14);
  const { store } = db;
  const { profiles } = await store.listProfiles({ account, count: 100, offset: 0 });
  assert.deepEqual(Object.fromEntries(profiles.map(({ iccid, state }) => [iccid, state])), states);
  for (const { iccid, state } of profiles) {
    const profile = (await store.profile(iccid)) ?? assert.fail();
    assert.deepEqual([profile.state, profile.account], [state, account]);
    const content = (await store.content(iccid)) ?? assert.fail();
    const kind = { '8988201000000000004': 'package', '8988201000000000005': 'sequenceOf86' }[String(iccid)];
    assert.ok((kind ?? 'parameters') in content, iccid);
    assert.equal(profile.msisdn, 'parameters' in content ? content.parameters.msisdn : undefined);
    if ('parameters' in content)
      assert.deepEqual([content.parameters.kic1.length, 'isdKeys' in content.parameters], [16, false]);
    assert.equal(await store.save([{ profile }]), 'saved');
  }
  const conditions = { account, order: 'iccid', descending: false, count: 9 } as const;
  const byNumber = await store.searchProfiles({ ...conditions, msisdnDigits: '49151000000' });
  assert.deepEqual(
    byNumber.profiles.map(({ iccid, msisdn }) => [iccid, msisdn]),
    [['8900101778000000002', '49151000000']],
  );
  const [reused] = await store.availableOfType(account, 'imported', 1);
  assert.deepEqual(reused?.needs, { bytes: 12_000, capabilities: [0, 3, 33] });
  assert.deepEqual(reused?.calls, {
    downloadOrder: 'call-1',
    confirmOrder: 'call-2',
    releaseProfile: 'call-3',
    cancelOrder: 'call-4',
  });
});

test('the sessions of schema 14 are read, with their journals', async () => {
  await using db = await openOld(14);
  const sessions = await db.store.recentSessions(100);
  assert.deepEqual(
    sessions.map(({ stage, journal }) => [stage, journal?.map((entry) => entry.function)]),
    [
      [
        'ended',
        ['initiateAuthentication', 'authenticateClient', 'getBoundProfilePackage', 'handleNotification'],
      ],
      ['ended', ['initiateAuthentication', 'authenticateClient', 'getBoundProfilePackage', 'cancelSession']],
      [
        'ended',
        ['initiateAuthentication', 'authenticateClient', 'getBoundProfilePackage', 'handleNotification'],
      ],
      ['initiated', undefined],
      ['authenticated', undefined],
      ['bound', undefined],
    ],
  );
  const [, refused] = sessions;
  assert.equal(refused?.journal?.[2]?.refused?.reasonCode, '3.8');
});

test('the events and deliveries of schema 14 are read', async () => {
  await using db = await openOld(14);
  const { store } = db;
  const events = (await store.events({ account, count: 100 })).items;
  assert.deepEqual(
    events.map(({ type, from, to }) => [type, from, to]),
    eventsOf14,
  );
  const { reason, point, resultData } = events.at(-1) ?? assert.fail();
  assert.deepEqual(
    [reason, point, resultData],
    [
      { subjectCode: '8.2.10', reasonCode: '4.2', message: 'not enough memory' },
      4,
      Uint8Array.of(0xbf, 0x37, 0),
    ],
  );
  assert.equal(await store.fanOutPosition(), 20);
  const [newest] = (await store.deliveries({ kind: 'webhook', target: HOOK, count: 1 })).items;
  assert.deepEqual([newest?.state, newest?.lastStatus, newest?.eventId], ['delivered', 204, 20]);
  const count = async (kind: 'webhook' | 'es2', target: string, state: 'pending' | 'failed' | 'skipped') =>
    (await store.deliveries({ kind, target, state, count: 100 })).items.length;
  assert.equal(await count('webhook', HOOK, 'pending'), 19);
  assert.equal(await count('webhook', DISABLED, 'skipped'), 3);
  assert.equal(await count('es2', 'shop', 'failed'), 1);
  assert.equal(await count('es2', 'shop', 'pending'), 10);
});

test('the webhooks, operators, templates, keys and audit log of schema 14 are read', async () => {
  await using db = await openOld(14);
  const { store } = db;
  const [hook, named, disabled] = await store.webhooks(account);
  assert.deepEqual([hook?.id, hook?.events, hook?.description], [HOOK, ['*'], 'a "shop"']);
  assert.equal(
    formatSecret(hook?.secret ?? assert.fail()),
    'whsec_AcLVRSQSK8GD8Ss2UOZoSxwrdL8PdZfTBH7tOCZlMw4=',
  );
  assert.deepEqual(
    [named?.events.length, disabled?.disabled, disabled?.previous?.until],
    [10, { at: 1_795_872_050_000, reason: 'switched off' }, 1_796_000_000_000],
  );
  const [operator] = await store.operators();
  assert.deepEqual([operator?.name, operator?.progress?.style], ['shop', '101']);
  const place = await store.fanOutPosition();
  assert.ok(place > 0);
  assert.deepEqual([hook?.hearsAfter, operator?.progress?.after], [place, place]);
  const [basic, hlr] = await store.templates(account);
  assert.deepEqual(
    [basic?.profileType, basic?.terms.profileName, basic?.passed],
    ['basic', 'Travel 10 GB', 1],
  );
  assert.deepEqual([hlr?.starts.msisdnStart, hlr?.masterKey?.key.length], ['49151000000', 16]);
  assert.deepEqual(await store.accounts(), [{ id: account, name: 'Demo', createdAt: 1_795_872_007 }]);
  const keys = await store.apiKeys(account);
  assert.deepEqual(
    keys.map(({ name, permissions, lastUsedAt }) => [name, scopeOf(permissions), lastUsedAt]),
    [
      [undefined, 'admin', 1_795_872_033],
      ['dashboard', 'read', undefined],
    ],
  );
  const audit = (await store.auditEntries({ account, count: 100 })).items.toReversed();
  assert.equal(audit.length, 12);
  const entry = audit.find(({ targets }) => targets.length > 0) ?? assert.fail();
  const target = entry.targets[0] ?? assert.fail();
  assert.deepEqual((await store.auditEntries({ account, target, count: 100 })).items.at(-1), entry);
  assert.deepEqual([audit[2]?.operation, audit[2]?.status], ['esim key create', undefined]);
});

test('the events, subscriptions and audit entries of schema 14 have the names of today', async () => {
  const path = fileOf(14);
  using old = new DatabaseSync(path);
  old.exec(`update webhook_endpoint set events = 'profile.changed,profile.stocked' where id = '${HOOK}'`);
  old.exec("update event set type = 'profile.cancelled', from_state = 'INSTALLED' where id = 20");
  old.close();
  await using db = await openedAt(path);
  const { store } = db;
  const events = (await store.events({ account, count: 100 })).items;
  const kinds = Object.groupBy(events, ({ actor }) => actor.kind);
  assert.deepEqual(
    Object.entries(kinds).map(([kind, all]) => [kind, all.length]),
    [
      ['device', 11],
      ['user', 9],
      ['system', 1],
    ],
  );
  const hook = await store.webhook(HOOK);
  assert.deepEqual(hook?.events, ['profile.updated', 'profile.created', 'profile.reset']);
  const deliveries = (await store.deliveries({ kind: 'webhook', target: HOOK, count: 100 })).items;
  const types = new Map(events.map(({ id, type }) => [id, type]));
  for (const { eventId = 0, type } of deliveries) assert.equal(type, types.get(eventId));
  assert.equal(types.get(19), 'profile.reset');
  assert.equal(types.get(20), 'profile.retired');
  const operations = (await store.auditEntries({ account, count: 100 })).items
    .toReversed()
    .map(({ operation }) => operation);
  assert.deepEqual([operations[3], operations[10]], ['esim operator create', 'resetEUICCProfile']);
});

test('a request that schema 14 answered under an Idempotency-Key is still answered', async () => {
  await using db = await openOld(14);
  const request = { account, key: 'k1', fingerprint: '', begunAt: 1_795_872_060_000 };
  const known = await db.store.beginRequest(request, 0);
  assert.ok(known !== 'started');
  assert.equal(known.answer?.status, 201);
});
