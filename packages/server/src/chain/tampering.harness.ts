import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { chainSlices } from '../jobs/chain-logs.ts';
import { put, stocked } from '../store/contract/records.harness.ts';
import type { ServerStore } from '../store/ports/server-store.ts';
import type { Finding } from './compare.ts';
import { verifyChains } from './verify.ts';

/** What somebody can do who can write to the database: every kind of it is found, on every engine. */

/** A store, and another connection to its database. */
export type OpenedStore = AsyncDisposable & {
  readonly store: ServerStore;
  readonly sql: (text: string) => Promise<unknown>;
  /** What an insert needs to give a row its number. */
  readonly numbered: string;
};

const ACCOUNTS = ['a', 'b'] as const;
const iccid = parseIccid('8900101000000000017');
const event = (account: string, at: number) =>
  ({ type: 'profile.created', iccid, account, at, actor: { kind: 'system' }, to: 'AVAILABLE' }) as const;

/** Chains everything that is there. */
export async function chainAll(store: ServerStore, node = 'node-1'): Promise<void> {
  while (await chainSlices({ store, node, random: systemRandom }));
}

/** Twenty events and ten audit entries of each of two accounts; their numbers begin with 1. */
export async function fill(store: ServerStore): Promise<void> {
  for (let i = 1; i <= 20; i++)
    for (const account of ACCOUNTS) {
      await store.save([{ event: event(account, 1000 + i) }]);
      if (i % 2 === 0)
        await store.addAuditEntry({
          at: 1000 + i,
          account,
          operation: 'orderEUICCProfile',
          targets: [iccid],
        });
    }
}

/** SQL that tampers with events of the account `a`, which have odd numbers up to 39, and what is found. */
const tampering: Readonly<Record<string, readonly [finding: Finding, entry: number, ...sql: string[]]>> = {
  'a changed event': ['changed', 7, `update event set to_state = 'ENABLED' where id = 7`],
  'an event with another time': ['changed', 9, `update event set at = at + 1 where id in (9, 21)`],
  'a removed event': ['removed', 11, 'delete from event where id = 11'],
  'two events that changed places': [
    'changed',
    5,
    'update event set at = case id when 5 then (select at from event where id = 13) else (select at from event where id = 5) end where id in (5, 13)',
  ],
  'an event of another account': ['removed', 3, `update event set account = 'b' where id = 3`],
  'a removed event with its link': [
    'link_changed',
    17,
    'delete from event where id = 15',
    `delete from chain_link where entry = 15 and chain = (select number from chain where account = 'a' and log = 'event')`,
  ],
  'two links that changed places': [
    'changed',
    7,
    `create table swapped as select * from chain_link where entry in (7, 9) and chain = (select number from chain where account = 'a' and log = 'event')`,
    `delete from chain_link where entry in (7, 9) and chain = (select chain from swapped limit 1)`,
    `insert into chain_link select chain, 16 - entry, salt, hash, head from swapped`,
    'drop table swapped',
  ],
  'a removed event whose salt was deleted': [
    'erased_without_record',
    19,
    'delete from event where id = 19',
    `update chain_link set salt = null where entry = 19 and chain = (select number from chain where account = 'a' and log = 'event')`,
  ],
  'a removed end': [
    'end_removed',
    39,
    'delete from event where id in (37, 39)',
    `delete from chain_link where entry in (37, 39) and chain = (select number from chain where account = 'a' and log = 'event')`,
  ],
  'a removed beginning': [
    'cut_without_record',
    1,
    'delete from event where id = 1',
    `update chain set cut_entry = 1, cut_head = (select head from chain_link where chain = chain.number and entry = 1) where account = 'a' and log = 'event'`,
    `delete from chain_link where entry = 1 and chain = (select number from chain where account = 'a' and log = 'event')`,
  ],
  'a removed log': ['removed', 1, `delete from event where account = 'a'`],
};

/** Registers the tests: each runs on an empty store that `open` opens. */
export function tamperingTests(engine: string, open: () => Promise<OpenedStore>): void {
  test(`${engine}: logs that nobody touched are as they were chained, also what comes later`, async () => {
    await using opened = await open();
    const { store } = opened;
    await fill(store);
    await chainAll(store);
    const { differences, ...counts } = await verifyChains(store);
    assert.deepEqual(differences, []);
    assert.deepEqual(counts, { chains: 4, entries: 60, erased: 0, cut: 0, unchained: 0 });
    await fill(store);
    assert.deepEqual((await verifyChains(store)).differences, []);
    assert.equal((await verifyChains(store)).unchained, 60);
    await chainAll(store);
    const later = await verifyChains(store);
    assert.deepEqual([later.differences, later.entries, later.unchained], [[], 120, 0]);
  });

  for (const [name, [finding, entry, ...steps]] of Object.entries(tampering))
    test(`${engine}: ${name} is found, and named`, async () => {
      await using opened = await open();
      const { store, sql } = opened;
      await fill(store);
      await chainAll(store);
      for (const step of steps) await sql(step);
      const { differences } = await verifyChains(store);
      const found = differences.find(({ account }) => account === 'a');
      assert.deepEqual(
        [found?.finding, found?.log, found?.entry],
        [finding, 'event', entry],
        JSON.stringify(differences),
      );
    });

  test(`${engine}: an inserted entry is found, of an account with a chain and without`, async () => {
    await using opened = await open();
    const { store, sql, numbered } = opened;
    await fill(store);
    await chainAll(store);
    for (const account of ['a', 'c'])
      await sql(
        `insert into audit (id, at, account, operation) ${numbered} values (${account === 'a' ? -7 : -8}, 1, '${account}', 'orderEUICCProfile')`,
      );
    const { differences } = await verifyChains(store);
    assert.deepEqual(
      differences.map(({ finding, log, account, entry }) => [finding, log, account, entry]),
      [
        ['inserted', 'audit', 'c', -8],
        ['inserted', 'audit', 'a', -7],
      ],
    );
  });

  test(`${engine}: a changed audit entry is found, and one of another account differs no more than before`, async () => {
    await using opened = await open();
    const { store, sql } = opened;
    await fill(store);
    await chainAll(store);
    await sql(`update audit set operation = 'listAudit' where id = 4`);
    const { differences } = await verifyChains(store);
    assert.deepEqual(
      differences.map(({ finding, log, account, entry }) => [finding, log, account, entry]),
      [['changed', 'audit', 'b', 4]],
    );
    assert.match(differences[0]?.text ?? '', /^audit 4 of the account b is not what was chained/);
  });

  for (const history of ['keep', 'remove'] as const)
    test(`${engine}: a profile that is deleted (history: ${history}) leaves whole chains, and an audit entry`, async () => {
      await using opened = await open();
      const { store } = opened;
      const profile = stocked();
      const { account } = profile;
      await put(store, { profile, content: { package: Uint8Array.of(1) } });
      const own = (at: number) => ({ event: { ...event(account, at), iccid: profile.iccid } });
      for (let at = 1; at < 300; at++) await store.save([own(at)]);
      await chainAll(store);
      await store.save([own(300)]); // not chained yet
      const purge = { iccid: profile.iccid, account, version: 1, es2Calls: [], at: 999, history };
      await put(store, { purge });
      await chainAll(store);
      const { differences, erased } = await verifyChains(store);
      assert.deepEqual([differences, erased], [[], 299]);
      const { items } = await store.auditEntries({ account, operation: 'eraseLogEntries', count: 9 });
      assert.deepEqual(
        items.map(({ targets, at }) => [targets.length, at]),
        [
          [50, 999],
          [250, 999],
        ],
      );
      const [found] = (await store.auditEntries({ account, target: 'event 260', count: 9 })).items;
      assert.equal(found?.id, items[0]?.id);
    });

  test(`${engine}: entries that are deleted after they were read get no link`, async () => {
    await using opened = await open();
    const { store } = opened;
    const profile = stocked();
    const { account } = profile;
    await put(store, { profile, content: { package: Uint8Array.of(1) } });
    await store.save([{ event: { ...event(account, 1), iccid: profile.iccid } }]);
    const position = await store.chainPosition('event');
    const purge = {
      iccid: profile.iccid,
      account,
      version: 1,
      es2Calls: [],
      at: 9,
      history: 'keep',
    } as const;
    await put(store, { purge });
    assert.equal(await store.addLinks({ log: 'event', position, upTo: 1, chains: [] }), 'stale');
    await chainAll(store);
    assert.deepEqual((await verifyChains(store)).differences, []);
  });

  test(`${engine}: one node at a time chains the logs, and another one goes on when its lease has ended`, async () => {
    await using opened = await open();
    const { store } = opened;
    const lease = { name: 'chain', now: 1000, until: 2000 };
    assert.equal(await store.takeLease({ ...lease, node: 'one' }), true);
    assert.equal(await store.takeLease({ ...lease, node: 'two' }), false);
    assert.equal(await store.takeLease({ ...lease, node: 'one', until: 3000 }), true);
    assert.equal(await store.takeLease({ ...lease, node: 'two', now: 3001, until: 4000 }), true);
    assert.equal(await store.takeLease({ ...lease, node: 'one', now: 3002 }), false);
    await fill(store);
    await Promise.all(['one', 'two'].map((node) => chainAll(store, node)));
    await chainAll(store, 'two');
    const { differences, entries, unchained } = await verifyChains(store);
    assert.deepEqual([differences, entries + unchained], [[], 60]);
  });
}
