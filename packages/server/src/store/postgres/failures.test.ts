import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { next, released, stocked } from '../contract/records.harness.ts';
import { newestSchema } from '../migrations/migrate.ts';
import { StoreError, StoreUnavailable } from '../ports/store-error.ts';
import { createSealing } from '../sealing/data-keys.ts';
import { testMasterKey } from '../sealing/test-key.harness.ts';
import { connectTo } from './connection/connection.ts';
import { sumUpCounts } from './counts.ts';
import { openPostgresStore } from './store.ts';
import {
  connectBeside,
  installations,
  NO_POSTGRES,
  openTestStore,
  optionsFor,
  startPostgres,
  type TestServer,
} from './testing/server.harness.ts';

/** Beyond the contract: several nodes, transactions that overlap, and a database that goes away. */

const [installation] = installations();
const options = installation === undefined ? { skip: NO_POSTGRES } : {};
let server: TestServer;
before(async () => {
  if (installation !== undefined) server = await startPostgres(installation);
});
after(() => server?.[Symbol.asyncDispose]());

const event = (iccid = next.iccid()) =>
  ({
    type: 'profile.created',
    account: 'a',
    iccid,
    at: 1,
    actor: { kind: 'system' },
    to: 'AVAILABLE',
  }) as const;
const columns = `(account, iccid, type, at, actor, to_state)
  values ('a', $1, 'profile.created', 1, 'system', 'AVAILABLE')`;

test('many nodes that start at the same time with an empty database migrate it once', options, async () => {
  const url = await server.createDatabase();
  const stores = await Promise.all(
    Array.from({ length: 6 }, () => openPostgresStore(optionsFor(url), testMasterKey)),
  );
  await using beside = await connectBeside(url);
  const { rows } = await beside.query('select count(*)::int as n, max(number)::int as newest from migration');
  assert.deepEqual(rows, [{ n: newestSchema, newest: newestSchema }]);
  for (const store of stores) {
    assert.equal(await store.save([{ profile: stocked() }]), 'saved');
    await store.close();
  }
});

test(
  'a database that the next release has only added to is used, and that of a later one is refused',
  options,
  async () => {
    const url = await server.copyDatabase();
    await using beside = await connectBeside(url);
    const next = newestSchema + 1;
    await beside.query('insert into migration (number, usable_from) values ($1, $2)', [next, newestSchema]);
    await using store = await openTestStore(url);
    assert.deepEqual(await store.schemaVersion(), { found: next, known: newestSchema, isUsable: true });
    await beside.query('insert into migration (number, usable_from) values ($1, $2)', [next + 1, next]);
    assert.equal((await store.schemaVersion()).isUsable, false);
    await assert.rejects(
      openPostgresStore(optionsFor(url), testMasterKey),
      /it was written by a newer version/,
    );
  },
);

test('a database of a newer program is refused, and stays as it is', options, async () => {
  const url = await server.copyDatabase();
  await using beside = await connectBeside(url);
  await beside.query('insert into migration (number) values ($1)', [newestSchema + 1]);
  await assert.rejects(openPostgresStore(optionsFor(url), testMasterKey), (error) => {
    assert.ok(error instanceof StoreError);
    assert.match(
      error.message,
      /^postgres:\/\/127\.0\.0\.1:\d+\/\w+ cannot be used: it was written by a newer/,
    );
    return true;
  });
});

test(
  'events of transactions that commit in reverse order are read in the order of their numbers, each once',
  options,
  async () => {
    const url = await server.copyDatabase();
    await using store = await openTestStore(url);
    await using slow = await connectBeside(url);
    await slow.query('begin');
    await slow.query(`insert into event ${columns}`, [next.iccid()]);
    const late = event();
    assert.equal(await store.save([{ event: late }]), 'saved');
    const began = performance.now();
    assert.deepEqual((await store.events({ account: 'a', count: 9 })).items, []);
    assert.equal(await store.lastEventId(), 0);
    assert.ok(performance.now() - began > 400, 'each of both has waited for the open transaction');
    const own = await store.events({ account: 'a', iccid: late.iccid, count: 9 });
    assert.equal(own.items.length, 1, 'the history of one profile needs no waiting');
    await slow.query('commit');
    const { items } = await store.events({ account: 'a', count: 9 });
    assert.deepEqual(
      items.map(({ id }) => id),
      [1, 2],
    );
    assert.equal(await store.lastEventId(), 2);
  },
);

test('a transaction that has not yet written an event does not hide those of others', options, async () => {
  const url = await server.copyDatabase();
  await using store = await openTestStore(url);
  await using slow = await connectBeside(url);
  await slow.query('begin');
  await slow.query('select pg_current_xact_id()');
  assert.equal(await store.save([{ event: event() }]), 'saved');
  await slow.query(`insert into event ${columns}`, [next.iccid()]);
  await slow.query('rollback');
  assert.equal((await store.events({ account: 'a', count: 9 })).items.length, 1);
});

test(
  'followers on three nodes read every event once, while many transactions of different length write',
  options,
  async () => {
    const url = await server.copyDatabase();
    await using one = await openTestStore(url);
    await using two = await openTestStore(url);
    await using three = await openTestStore(url);
    const seen = [[] as number[], [] as number[], [] as number[]];
    let isOver = false;
    const follow = async (store: typeof one, ids: number[]) => {
      for (let after = 0, rest = false; !rest; ) {
        rest = isOver;
        const { items } = await store.events({ account: 'a', after: { id: after }, count: 100 });
        ids.push(...items.map(({ id }) => id));
        after = ids.at(-1) ?? 0;
      }
    };
    const following = [one, two, three].map((store, i) => follow(store, seen[i] as number[]));
    const write = async (seed: number) => {
      await using client = await connectBeside(url);
      for (let i = 0; i < 15; i++) {
        await client.query('begin');
        await client.query(`insert into event ${columns}`, [next.iccid()]);
        await sleep((seed * 7 + i * 3) % 12);
        await client.query(`insert into event ${columns}`, [next.iccid()]);
        await client.query(i % 5 === 4 ? 'rollback' : 'commit');
      }
    };
    await Promise.all([1, 2, 3, 4].map(write));
    isOver = true;
    await Promise.all(following);
    for (const ids of seen) {
      assert.equal(ids.length, 4 * 12 * 2);
      assert.deepEqual(
        ids,
        ids.toSorted((a, b) => a - b),
      );
    }
  },
);

test('a counter that two nodes raise loses none of their steps', options, async () => {
  const url = await server.copyDatabase();
  await using one = await openTestStore(url);
  await using other = await openTestStore(url);
  const fresh = stocked({ changedAt: 0 });
  assert.equal(await one.save([{ profile: fresh }]), 'saved');
  const raise = async (store: typeof one) => {
    for (let raised = 0; raised < 25; ) {
      const profile = (await store.profile(fresh.iccid)) ?? assert.fail();
      const changed = { ...profile, changedAt: profile.changedAt + 1 };
      if ((await store.save([{ profile: changed }])) === 'saved') raised++;
    }
  };
  await Promise.all([raise(one), raise(other)]);
  assert.equal((await one.profile(fresh.iccid))?.changedAt, 50);
});

test('of two nodes that save an IMSI that is to be unique, one succeeds', options, async () => {
  const url = await server.copyDatabase();
  await using one = await openTestStore(url);
  await using other = await openTestStore(url);
  for (let round = 0; round < 20; round++) {
    const imsi = `00101${String(round).padStart(10, '0')}`;
    const saves = [one, other].map((store) => store.save([{ profile: stocked({ imsi }), uniqueImsi: true }]));
    assert.deepEqual((await Promise.all(saves)).toSorted(), ['saved', 'stale']);
  }
});

test(
  'an event that needs its profile unchanged does not follow what another node has done to it',
  options,
  async () => {
    const url = await server.copyDatabase();
    await using one = await openTestStore(url);
    await using other = await openTestStore(url);
    for (let round = 0; round < 20; round++) {
      const profile = stocked();
      assert.equal(await one.save([{ profile }]), 'saved');
      const now = { ...profile, version: 1 };
      const recorded = event(profile.iccid);
      const saves = await Promise.all([
        other.save([{ profile: now }, { event: { ...recorded, type: 'profile.retired' } }]),
        one.save([{ unchanged: now }, { event: { ...recorded, type: 'download.checked' } }]),
      ]);
      const { items } = await one.events({ account: 'a', iccid: profile.iccid, count: 9 });
      const first = saves[1] === 'saved' ? ['download.checked'] : [];
      assert.deepEqual(
        items.map(({ type }) => type),
        [...first, 'profile.retired'],
      );
    }
  },
);

test('saves that lock two profiles in opposite order both end, one after the other', options, async () => {
  const url = await server.copyDatabase();
  await using one = await openTestStore(url);
  await using other = await openTestStore(url);
  const [a, b] = [released(), released()];
  assert.equal(await one.save([{ profile: a }, { profile: b }]), 'saved');
  const [first, second] = [{ profile: { ...a, version: 1 } }, { profile: { ...b, version: 1 } }];
  const outcomes = await Promise.all([one.save([first, second]), other.save([second, first])]);
  assert.deepEqual(outcomes.toSorted(), ['saved', 'stale']);
});

test(
  'the counts of types and states are those of the profiles, before and after they are summed up',
  options,
  async () => {
    const url = await server.copyDatabase();
    await using store = await openTestStore(url);
    const profiles = Array.from({ length: 150 }, (_, i) =>
      stocked({ account: 'a', ...(i % 3 === 0 && { profileType: 'basic' }) }),
    );
    assert.equal(await store.save(profiles.map((profile) => ({ profile }))), 'saved');
    const counts = async () => [
      (await store.listProfiles({ account: 'a', count: 1, offset: 0 })).total,
      (await store.profileTypes({ account: 'a', most: 99 })).counts.map(({ profileType, state, count }) => [
        profileType,
        state,
        count,
      ]),
    ];
    const expected = [150, [['basic', 'AVAILABLE', 50]]];
    assert.deepEqual(await counts(), expected);
    await using beside = await connectBeside(url);
    const connection = connectTo(optionsFor(url), createSealing(testMasterKey), () => undefined);
    await sumUpCounts(connection);
    await connection.close();
    const { rows } = await beside.query('select count(*)::int as n from profile_count');
    assert.ok(rows[0].n <= 51, `${rows[0].n} rows are left`);
    assert.deepEqual(await counts(), expected);
  },
);

test(
  'while the database is away calls wait a limited time; when it is back they work, and nothing is half done',
  options,
  async () => {
    const url = await server.copyDatabase();
    await using store = await openTestStore(url, { waitMs: 1000 });
    const profile = stocked();
    assert.equal(await store.save([{ profile }]), 'saved');
    await server.stop('fast');
    const began = performance.now();
    const lost = { profile: stocked(), content: { package: Uint8Array.of(1) } };
    const outcomes = await Promise.allSettled([
      store.profile(profile.iccid),
      store.save([lost, { event: event(lost.profile.iccid) }]),
      store.tryWrite(),
    ]);
    for (const outcome of outcomes) {
      assert.equal(outcome.status, 'rejected');
      assert.ok(outcome.reason instanceof StoreUnavailable, String(outcome.reason));
    }
    assert.ok(performance.now() - began < 6000);
    const waiting = (await openTestStore(url, { waitMs: 30_000 }).catch((error) => error)) as Error;
    assert.ok(waiting instanceof StoreError);
    await server.start();
    assert.deepEqual(await store.profile(profile.iccid), { ...profile, version: 1 });
    assert.equal(await store.profile(lost.profile.iccid), undefined);
    assert.equal(await store.save([lost]), 'saved');
    await store.tryWrite();
  },
);

test('calls that wait while the database restarts continue by themselves', options, async () => {
  const url = await server.copyDatabase();
  await using store = await openTestStore(url, { waitMs: 20_000 });
  const profile = stocked();
  assert.equal(await store.save([{ profile }]), 'saved');
  await server.stop('crash');
  const reading = store.profile(profile.iccid);
  const saving = store.save([{ profile: { ...profile, version: 1 } }]);
  await sleep(200);
  await server.start();
  const found = await reading;
  assert.ok(found?.version === 1 || found?.version === 2);
  assert.equal(await saving, 'saved');
});

test(
  'a save whose connection is lost while it runs fails as unavailable, and the process continues',
  options,
  async () => {
    const url = await server.copyDatabase();
    await using store = await openTestStore(url, { waitMs: 20_000 });
    await using beside = await connectBeside(url);
    await beside.query('begin');
    await beside.query('lock table event');
    const change = { event: event() };
    const saving = assert.rejects(store.save([change]), StoreUnavailable);
    await sleep(200); // it waits for the lock
    await server.stop('crash');
    await saving;
    await server.start();
    assert.equal(await store.save([change]), 'saved');
  },
);

test('connections that the database ends are replaced', options, async () => {
  const url = await server.copyDatabase();
  await using store = await openTestStore(url);
  const profile = stocked();
  await store.save([{ profile }]);
  await using beside = await connectBeside(url);
  for (let i = 0; i < 3; i++) {
    await beside.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    assert.equal((await store.profile(profile.iccid))?.iccid, profile.iccid);
  }
});

test('a save that waits too long for a lock fails as unavailable, and changes nothing', options, async () => {
  const url = await server.copyDatabase();
  await using store = await openTestStore(url, { lockMs: 200 });
  const profile = stocked();
  await store.save([{ profile }]);
  await using beside = await connectBeside(url);
  await beside.query('begin');
  await beside.query('select iccid from profile where iccid = $1 for update', [profile.iccid]);
  const fresh = stocked();
  const saving = store.save([{ profile: fresh }, { profile: { ...profile, version: 1 } }]);
  await assert.rejects(saving, StoreUnavailable);
  await beside.query('rollback');
  assert.equal(await store.profile(fresh.iccid), undefined);
  assert.equal(await store.save([{ profile: { ...profile, version: 1 } }]), 'saved');
});

test('a database that cannot be reached at the start is named without its password', options, async () => {
  const url = `postgres://esim:very-secret@127.0.0.1:1/esim`;
  await assert.rejects(openPostgresStore(optionsFor(url, { waitMs: 100 }), testMasterKey), (error) => {
    assert.ok(error instanceof StoreError);
    assert.match(
      error.message,
      /^the database postgres:\/\/127\.0\.0\.1:1\/esim cannot be used \(.+\): start it/,
    );
    assert.doesNotMatch(error.message, /very-secret/);
    return true;
  });
});

test('statements are prepared once for each connection, or not at all', options, async () => {
  for (const prepare of [true, false]) {
    const url = await server.copyDatabase();
    await using store = await openTestStore(url, { prepare, connections: 1 });
    const profiles = [stocked(), stocked()];
    for (const profile of profiles) assert.equal(await store.save([{ profile }]), 'saved');
    for (const { iccid } of profiles) assert.equal((await store.profile(iccid))?.iccid, iccid);
    assert.equal(await store.save([{ profile: profiles[0] as never }]), 'stale');
    assert.equal((await store.profile(profiles[0]?.iccid as never))?.version, 1);
  }
});

test(
  'a node continues with its prepared statements when another one has added a column',
  options,
  async () => {
    const url = await server.copyDatabase();
    await using store = await openTestStore(url);
    await using beside = await connectBeside(url);
    const account = { id: 'a', name: 'A', createdAt: 1 };
    await store.addAccount(account);
    assert.deepEqual(await store.accounts(), [account]);
    await beside.query('alter table account add column colour text');
    assert.deepEqual(await store.accounts(), [account]);
  },
);
