import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { cutLogs, type KeepDays } from '../jobs/cut-logs.ts';
import type { Log } from '../log/log.ts';
import { put, stocked } from '../store/contract/records.harness.ts';
import type { ServerStore } from '../store/ports/server-store.ts';
import { firstHead } from './link.ts';
import { chainAll, fill, type OpenedStore } from './tampering.harness.ts';
import { verifyChains } from './verify.ts';

/** Old entries are deleted, and what is left is still known to be whole; a removal that only looks like it is found. */

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2030, 5, 15, 12);
const never = new AbortController().signal;

type Options = { readonly keepDays?: KeepDays; readonly now?: number; readonly node?: string };

async function cut(
  store: ServerStore,
  { keepDays = { event: 30, audit: 30 }, now = NOW, node = 'node-1' }: Options = {},
) {
  const lines: string[] = [];
  const write: Log['error'] = (message, ...more) => void lines.push([message, ...more.map(textOf)].join(' '));
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const count = await cutLogs({ store, node, log, keepDays }, now, never);
  return { count, lines };
}

const iccid = parseIccid('8900101000000000017');
const eventOf = (account: string, at: number) =>
  ({ type: 'profile.created', iccid, account, at, actor: { kind: 'system' }, to: 'AVAILABLE' }) as const;

const textOf = (fields: object | undefined) =>
  Object.values(fields ?? {})
    .map(String)
    .join(' ');

async function fanOutAll(store: ServerStore): Promise<void> {
  const [after, upTo] = [await store.fanOutPosition(), await store.lastEventId()];
  if (upTo > after) await store.fanOut({ after, upTo, deliveries: [] });
}

/** Filled with old entries that are chained and given to subscribers. */
async function filled(store: ServerStore): Promise<void> {
  await fill(store);
  await chainAll(store);
  await fanOutAll(store);
}

/** The same events in one transaction each time, and no audit entries. */
async function filledAtOnce(store: ServerStore): Promise<void> {
  const events = Array.from({ length: 40 }, (_, i) => eventOf(i % 2 === 0 ? 'a' : 'b', 1000 + i));
  await store.save(events.map((event) => ({ event })));
  await chainAll(store);
  await fanOutAll(store);
}

async function differencesOf(store: ServerStore) {
  const { differences, ...counts } = await verifyChains(store);
  return {
    ...counts,
    found: differences.map(({ finding, log, account, entry }) => [finding, log, account, entry]),
  };
}

async function countsOf(store: ServerStore) {
  const events = await store.events({ count: 1000 });
  const audits = await Promise.all(['a', 'b'].map((account) => store.auditEntries({ account, count: 1000 })));
  return {
    events: events.items.length,
    audit: audits.map(({ items }) => items.map(({ operation }) => operation)),
  };
}

const ofA = `(select number from chain where account = 'a' and log = 'event')`;
const headAt = (entry: number) =>
  `(select head from chain_link where chain = chain.number and entry = ${entry})`;
const cutAt = (entry: number) => [
  `update chain set cut_entry = ${entry}, cut_head = ${headAt(entry)} where number = ${ofA}`,
  `delete from chain_link where chain = ${ofA} and entry <= ${entry}`,
  `delete from event where account = 'a' and id <= ${entry}`,
];

const first = Buffer.from(firstHead('event', 'a')).toString('hex');

/** SQL after a cut up to the event 39 of `a`, behind which there are those from 41 to 79; and what is found. */
const tampering: Readonly<Record<string, readonly [found: readonly unknown[], ...sql: string[]]>> = {
  'a removal that pretends to be a cut': [['cut_without_record', 'event', 'a', 43], ...cutAt(43)],
  'a removal that pretends to be the cut that was': [
    ['link_changed', 'event', 'a', 45],
    `delete from chain_link where chain = ${ofA} and entry <= 43`,
    `delete from event where account = 'a' and id <= 43`,
  ],
  'a cut whose audit entry was removed': [
    ['cut_without_record', 'event', 'a', 39],
    `delete from audit_target where target like 'event 39 %'`,
  ],
  'a cut whose audit entry is about another entry': [
    ['cut_without_record', 'event', 'a', 39],
    `update audit set target = 'event 37 00' where operation = 'cutLog' and account = 'a' and target like 'event 39 %'`,
  ],
  'a cut that was taken back, to insert': [
    ['link_changed', 'event', 'a', 41],
    `update chain set cut_entry = 0, cut_head = FIRST where number = ${ofA}`,
  ],
  'an event that was inserted before the cut': [
    ['inserted', 'event', 'a', 5],
    `insert into event (id, account, iccid, type, at, actor, to_state) NUMBERED values (5, 'a', '8900101000000000017', 'profile.created', 1, 'system', 'AVAILABLE')`,
  ],
  'a link that was inserted before the cut': [
    ['link_changed', 'event', 'a', 5],
    `insert into chain_link (chain, entry, salt, hash, head) select chain, 5, null, hash, head from chain_link where chain = ${ofA} and entry = 41`,
  ],
  'an event that was removed after the cut': [
    ['removed', 'event', 'a', 45],
    'delete from event where id = 45',
  ],
  'an event that was changed after the cut': [
    ['changed', 'event', 'a', 47],
    `update event set to_state = 'ENABLED' where id = 47`,
  ],
};

export function cutTests(engine: string, open: () => Promise<OpenedStore>): void {
  test(`${engine}: old entries are deleted with their links, an audit entry says so, and the logs are whole`, async () => {
    await using opened = await open();
    const { store, sql } = opened;
    await fill(store);
    assert.equal((await cut(store)).count, 0, 'they are not chained');
    await chainAll(store);
    assert.equal((await cut(store, { keepDays: { event: 30 } })).count, 0, 'subscribers have not got them');
    await fanOutAll(store);
    assert.equal((await cut(store, { now: 20 * DAY_MS })).count, 0, 'they are young');
    const { count, lines } = await cut(store);
    assert.deepEqual([count, lines], [60, []]);
    // of the audit log of each account the entries that this wrote are left
    assert.deepEqual(await countsOf(store), {
      events: 0,
      audit: [
        ['cutLog', 'cutLog'],
        ['cutLog', 'cutLog'],
      ],
    });
    assert.deepEqual(await differencesOf(store), {
      chains: 4,
      entries: 0,
      erased: 0,
      cut: 4,
      unchained: 4,
      found: [],
    });
    await chainAll(store);
    assert.deepEqual((await differencesOf(store)).found, []);
    assert.equal(
      (await cut(store, { now: NOW + 90 * DAY_MS })).count,
      0,
      'they would write themselves again',
    );
    await filled(store);
    assert.deepEqual(await differencesOf(store), {
      chains: 4,
      entries: 64,
      erased: 0,
      cut: 4,
      unchained: 0,
      found: [],
    });
    assert.equal((await cut(store, { now: NOW + 90 * DAY_MS })).count, 64);
    await chainAll(store);
    assert.deepEqual((await differencesOf(store)).found, []);
    const rows = (await sql('select * from audit_target')) as { rows?: unknown[] } | undefined;
    if (rows?.rows !== undefined) assert.equal(rows.rows.length, 6, 'no target without its entry');
  });

  test(`${engine}: a cut ends before the first young entry, and a day later it goes on`, async () => {
    await using opened = await open();
    const { store } = opened;
    const days = [40, 32, 31, 30, 29, 40, 1];
    await store.save(days.map((day) => ({ event: eventOf('a', NOW - day * DAY_MS) })));
    await chainAll(store);
    await fanOutAll(store);
    assert.equal((await cut(store, { keepDays: { event: 30 } })).count, 3);
    assert.equal((await cut(store, { keepDays: { event: 30 } })).count, 0);
    assert.equal((await cut(store, { keepDays: { event: 30 }, now: NOW + DAY_MS })).count, 1);
    assert.equal((await cut(store, { keepDays: { event: 30 }, now: NOW + 2 * DAY_MS })).count, 2);
    await chainAll(store);
    assert.deepEqual((await differencesOf(store)).found, []);
  });

  test(`${engine}: events stay that a pending delivery needs, and audit entries that say what those have lost`, async () => {
    await using opened = await open();
    const { store } = opened;
    const profile = stocked();
    const { account, iccid } = profile;
    await put(store, { profile, content: { package: Uint8Array.of(1) } });
    const event = {
      type: 'profile.created',
      iccid,
      account,
      actor: { kind: 'system' },
      to: 'AVAILABLE',
    } as const;
    for (let at = 1; at <= 9; at++) await store.save([{ event: { ...event, at } }]);
    await chainAll(store);
    await fanOutAll(store);
    const first = (await store.lastEventId()) - 8;
    const waiting = await store.addDelivery({
      kind: 'webhook',
      target: 'we_1',
      account,
      eventId: first + 3,
      type: event.type,
      iccid: parseIccid('8900101000000000025'),
      createdAt: 4,
    });
    await put(store, { purge: { iccid, account, version: 1, es2Calls: [], at: 99, history: 'remove' } });
    await chainAll(store);
    const { count } = await cut(store);
    assert.equal((await store.chainOf('event', account))?.cutEntry, first + 2);
    assert.equal(count, 0, 'the rows were gone, and links are no entries');
    const { items } = await store.auditEntries({ account, operation: 'eraseLogEntries', count: 9 });
    assert.equal(items.length, 1, 'six events are there whose erasure it records');
    assert.deepEqual((await differencesOf(store)).found, []);
    const claimed = await store.claimDelivery({
      kind: 'webhook',
      target: 'we_1',
      node: 'n',
      now: NOW,
      leaseUntil: NOW + 1,
    });
    assert.equal(claimed?.id, waiting.id);
    await store.settleDelivery({ id: waiting.id, attempts: 1 }, { state: 'delivered', nextAttemptAt: 0 });
    await chainAll(store);
    await cut(store);
    assert.equal((await store.chainOf('event', account))?.cutEntry, first + 8);
    assert.deepEqual(
      (await store.auditEntries({ account, operation: 'eraseLogEntries', count: 9 })).items,
      [],
    );
    assert.deepEqual((await differencesOf(store)).found, []);
  });

  test(`${engine}: an audit entry that is erased leaves a whole chain, and a removal of content is found`, async () => {
    await using opened = await open();
    const { store, sql } = opened;
    await fill(store);
    await chainAll(store);
    const own = { account: 'a', at: 7, reason: 'request 117' };
    const ids = (await store.auditEntries({ account: 'a', count: 9 })).items.map(({ id }) => id);
    for (const id of ids.slice(0, 2)) assert.equal(await store.eraseAuditEntry({ ...own, id }), 'erased');
    await store.addAuditEntry({ at: 8, account: 'a', operation: 'later', targets: ['x'] });
    const [later = assert.fail()] = (await store.auditEntries({ account: 'a', count: 1 })).items;
    assert.equal(await store.eraseAuditEntry({ ...own, id: later.id }), 'erased'); // it has no link yet
    await chainAll(store);
    assert.deepEqual(await differencesOf(store), {
      chains: 4,
      entries: 64,
      erased: 2,
      cut: 0,
      unchained: 0,
      found: [],
    });
    await sql(
      `update chain_link set salt = null where entry = ${ids[3]} and chain = (select number from chain where account = 'a' and log = 'audit')`,
    );
    await sql(`update audit set target = null, erased_at = 9 where id = ${ids[3]}`);
    assert.deepEqual((await differencesOf(store)).found, [['erased_without_record', 'audit', 'a', ids[3]]]);
  });

  for (const [name, [expected, ...steps]] of Object.entries(tampering))
    test(`${engine}: ${name} is found`, async () => {
      await using opened = await open();
      const { store, sql, numbered } = opened;
      await filledAtOnce(store);
      assert.equal((await cut(store, { keepDays: { event: 30 } })).count, 40);
      await filledAtOnce(store);
      assert.deepEqual((await differencesOf(store)).found, []);
      for (const step of steps)
        await sql(
          step
            .replace('NUMBERED', numbered)
            .replace('FIRST', numbered === '' ? `x'${first}'` : `'\\x${first}'`),
        );
      const { found } = await differencesOf(store);
      assert.ok(
        found.some((one) => JSON.stringify(one) === JSON.stringify(expected)),
        JSON.stringify(found),
      );
    });

  test(`${engine}: a log that was changed is not deleted, because it shows the change`, async () => {
    await using opened = await open();
    const { store, sql } = opened;
    await filled(store);
    await sql(`update event set to_state = 'ENABLED' where id = 7`);
    const { count, lines } = await cut(store);
    assert.equal(count, 40, 'the other logs');
    assert.match(lines.join(), /nothing of it is deleted.*event 7 of the account a is not what was chained/);
    assert.deepEqual((await differencesOf(store)).found, [['changed', 'event', 'a', 7]]);
  });

  test(`${engine}: nodes that delete at the same time delete each entry once`, async () => {
    await using opened = await open();
    const { store } = opened;
    for (let i = 0; i < 3; i++) await filled(store);
    const [one, two] = await Promise.all(['node-1', 'node-2'].map((node) => cut(store, { node })));
    assert.equal((one?.count ?? 0) + (two?.count ?? 0) + (await cut(store, { node: 'node-1' })).count, 180);
    const chain = (await store.chainOf('event', 'a')) ?? assert.fail();
    const old = {
      chain: { ...chain, cutEntry: 0 },
      entry: 1,
      head: chain.head,
      entries: [],
      at: 1,
      targets: ['event 1 00'],
    };
    assert.equal(await store.cut(old), 'stale');
    await chainAll(store);
    assert.deepEqual((await differencesOf(store)).found, []);
  });
}
