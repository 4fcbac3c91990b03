import assert from 'node:assert/strict';
import type { Delivery, NewDelivery } from '../ports/outbox.ts';
import type { ServerStore } from '../ports/server-store.ts';

const NOW = 1_700_000_000_000;
const target = { kind: 'webhook', target: 'we_1' } as const;

function plain(members: Partial<NewDelivery> = {}): NewDelivery {
  return {
    ...target,
    account: 'lab',
    eventId: 7,
    type: 'profile.released',
    iccid: '8900101000000000017',
    createdAt: NOW,
    ...members,
  };
}

const claimOf = (
  store: ServerStore,
  now = NOW,
  of: Pick<Delivery, 'kind' | 'target'> = target,
  node = 'node-1',
) => store.claimDelivery({ ...of, node, now, leaseUntil: now + 1000 });
const settled = { state: 'delivered', nextAttemptAt: NOW, lastStatus: 204 } as const;

async function added(store: ServerStore, ...deliveries: readonly NewDelivery[]): Promise<Delivery[]> {
  const all: Delivery[] = [];
  for (const delivery of deliveries) all.push(await store.addDelivery(delivery));
  return all;
}

async function pendingTargets(store: ServerStore, kind: Delivery['kind']): Promise<string[]> {
  return (await store.pendingTargets(kind)).map(({ account, target: name }) => `${account} ${name}`);
}

/** The contract of deliveries. */
export const outboxContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'deliveries and the place in the events move together, and only from where they were': async (store) => {
    assert.equal(await store.fanOutPosition(), 0);
    assert.equal(await store.fanOut({ after: 0, upTo: 9, deliveries: [plain()] }), 'done');
    assert.equal(await store.fanOut({ after: 0, upTo: 5, deliveries: [plain(), plain()] }), 'stale');
    assert.equal(await store.fanOutPosition(), 9);
    const [only, ...others] = (await store.deliveries({ ...target, count: 9 })).items;
    const { id: _, ...members } = only ?? assert.fail();
    assert.deepEqual(members, { ...plain(), state: 'pending', attempts: 0, nextAttemptAt: NOW });
    assert.deepEqual(others, []);
  },
  'a delivery is claimed once, and again when its lease is over': async (store) => {
    const [one] = await added(store, plain());
    assert.equal(await claimOf(store, NOW - 1), undefined);
    const claimed = await claimOf(store);
    assert.deepEqual(claimed, { ...one, attempts: 1, lastAttemptAt: NOW });
    assert.equal(await claimOf(store, NOW + 999), undefined);
    assert.equal((await claimOf(store, NOW + 1000))?.attempts, 2);
    assert.equal(await claimOf(store, NOW + 1000), undefined);
    await store.releaseClaims('node-1');
    assert.equal((await claimOf(store, NOW + 1000))?.attempts, 3);
  },
  'a node that starts takes over its own claims, and no others before their lease is over': async (store) => {
    await added(store, plain(), plain({ iccid: '8900101000000000025' }));
    const [mine, other] = [await claimOf(store), await claimOf(store, NOW, target, 'node-2')];
    await store.releaseClaims('node-1');
    assert.equal((await claimOf(store, NOW + 1))?.id, mine?.id);
    assert.equal(await claimOf(store, NOW + 1), undefined);
    assert.equal((await claimOf(store, NOW + 1000))?.id, other?.id);
  },
  'the result of an attempt whose lease is over changes nothing once somebody else has claimed the delivery':
    async (store) => {
      const [one] = await added(store, plain());
      const late = (await claimOf(store)) ?? assert.fail();
      const again = (await claimOf(store, NOW + 1000, target, 'node-2')) ?? assert.fail();
      await store.settleDelivery(late, { ...settled, state: 'failed' });
      assert.deepEqual(await store.delivery(one?.id ?? 0), again);
      assert.equal(await claimOf(store, NOW + 1001), undefined);
      await store.settleDelivery(again, settled);
      assert.equal((await store.delivery(again.id))?.state, 'delivered');
    },
  'of claims at the same time one succeeds': async (store) => {
    await added(store, plain());
    const claims = await Promise.all(Array.from({ length: 9 }, () => claimOf(store)));
    assert.equal(claims.filter((claim) => claim !== undefined).length, 1);
  },
  'a later delivery of an ICCID waits for the earlier one; others and other targets do not': async (
    store,
  ) => {
    const elsewhere = { kind: 'es2', target: 'we_1' } as const;
    const [first, second, other, away] = await added(
      store,
      plain(),
      plain({ eventId: 8, createdAt: NOW - 5 }),
      plain({ iccid: '8900101000000000025' }),
      plain(elsewhere),
    );
    assert.ok(first);
    const claimed = [await claimOf(store), await claimOf(store), await claimOf(store)];
    assert.deepEqual(
      claimed.map((claim) => claim?.id),
      [first.id, other?.id, undefined],
    );
    assert.equal((await claimOf(store, NOW, elsewhere))?.id, away?.id);
    const attempt = claimed[0] ?? assert.fail();
    await store.settleDelivery(attempt, { ...settled, state: 'pending', nextAttemptAt: NOW + 5000 });
    assert.equal(await claimOf(store, NOW + 10), undefined);
    await store.settleDelivery(attempt, settled);
    assert.equal((await claimOf(store, NOW + 10))?.id, second?.id);
  },
  'messages behind one that fails, more than are examined at once, keep no other ICCID, and follow when it has ended':
    async (store) => {
      const behind = Array.from({ length: 1200 }, (_, i) => plain({ eventId: 8 + i }));
      const free = plain({ iccid: '8900101000000000025' });
      await store.fanOut({ after: 0, upTo: 9, deliveries: [plain(), ...behind, free] });
      const head = (await claimOf(store)) ?? assert.fail();
      const other = (await claimOf(store)) ?? assert.fail();
      assert.deepEqual([head.eventId, other.iccid], [7, free.iccid]);
      await store.settleDelivery(other, settled);
      assert.equal(await claimOf(store), undefined);
      const later = { ...settled, state: 'pending', nextAttemptAt: NOW + 60_000 } as const;
      await store.settleDelivery(head, later);
      assert.equal(await claimOf(store, NOW + 59_999), undefined);
      const again = (await claimOf(store, NOW + 60_000)) ?? assert.fail();
      assert.equal(again.id, head.id);
      await store.settleDelivery(again, { ...settled, state: 'failed', nextAttemptAt: NOW + 90_000 });
      const next = (await claimOf(store, NOW + 60_000)) ?? assert.fail();
      assert.equal(next.eventId, 8);
      await store.settleDelivery(next, settled);
      assert.equal((await claimOf(store, NOW + 60_000))?.eventId, 9);
    },
  'the result of an attempt is read back; a delivery that is settled stays so': async (store) => {
    const [one] = await added(store, plain());
    assert.ok(one);
    const again = {
      state: 'pending',
      nextAttemptAt: NOW + 5,
      lastStatus: 500,
      lastError: 'why "not"',
    } as const;
    await store.settleDelivery(one, again);
    assert.deepEqual(await store.delivery(one.id), { ...one, ...again });
    await store.settleDelivery(one, settled);
    await store.settleDelivery(one, again);
    assert.deepEqual(await store.delivery(one.id), { ...one, ...settled });
    assert.equal(await store.delivery(one.id + 1), undefined);
  },
  'targets with something pending are found, each once, with their accounts': async (store) => {
    const [, , , done] = await added(
      store,
      plain(),
      plain({ target: 'we_3', account: 'other' }),
      plain(),
      plain({ target: 'we_2' }),
      plain({ kind: 'es2', target: 'shop' }),
    );
    await store.settleDelivery(done ?? assert.fail(), settled);
    assert.deepEqual(await pendingTargets(store, 'webhook'), ['lab we_1', 'other we_3']);
    assert.deepEqual(await pendingTargets(store, 'es2'), ['lab shop']);
  },
  'the pending deliveries of a target can be made due now, but not those that are claimed': async (store) => {
    const [one, other] = await added(store, plain(), plain({ iccid: '8900101000000000025' }));
    const later = { state: 'pending', nextAttemptAt: NOW + 900_000 } as const;
    await store.settleDelivery(other ?? assert.fail(), later);
    assert.equal((await claimOf(store))?.id, one?.id);
    await store.retryDeliveriesNow(target, NOW + 1);
    assert.equal((await claimOf(store, NOW + 1))?.id, other?.id);
    assert.equal(await claimOf(store, NOW + 1), undefined);
  },
  'the pending deliveries of a target can be given up': async (store) => {
    const [done] = await added(store, plain(), plain(), plain({ target: 'we_2' }));
    await store.settleDelivery(done ?? assert.fail(), settled);
    await store.skipDeliveries(target, 'disabled');
    const states = (await store.deliveries({ ...target, count: 9 })).items.map(({ state, lastError }) => [
      state,
      lastError,
    ]);
    assert.deepEqual(states, [
      ['skipped', 'disabled'],
      ['delivered', undefined],
    ]);
    assert.deepEqual(await pendingTargets(store, 'webhook'), ['lab we_2']);
  },
  'more deliveries than one write changes are given up, and made due': async (store) => {
    const first = await store.addDelivery(plain());
    await Promise.all(Array.from({ length: 1099 }, () => store.addDelivery(plain())));
    await store.settleDelivery(first, { state: 'pending', nextAttemptAt: NOW + 900_000 });
    await store.retryDeliveriesNow(target, NOW + 1);
    assert.equal((await claimOf(store, NOW + 1))?.id, first.id);
    await store.skipDeliveries(target, 'disabled');
    assert.deepEqual(await pendingTargets(store, 'webhook'), []);
    const { items } = await store.deliveries({ ...target, state: 'skipped', count: 1200 });
    assert.equal(items.length, 1100);
  },
  'the log of a target is read from the newest on, in pages and by state': async (store) => {
    const all = await added(store, plain(), plain(), plain({ target: 'we_2' }), plain());
    await store.settleDelivery(all[1] ?? assert.fail(), settled);
    const found = async (filter: object) =>
      (await store.deliveries({ ...target, count: 9, ...filter })).items.map(({ id }) =>
        all.findIndex((one) => one.id === id),
      );
    assert.deepEqual(await found({}), [3, 1, 0]);
    assert.deepEqual(await found({ count: 1 }), [3]);
    assert.deepEqual(await found({ after: { id: all[3]?.id } }), [1, 0]);
    assert.deepEqual(await found({ state: 'pending' }), [3, 0]);
  },
  'old deliveries go when they are settled, some at a time': async (store) => {
    const [pending, old, older, fresh] = await added(
      store,
      plain({ createdAt: NOW - 9 }),
      plain({ createdAt: NOW - 1 }),
      plain({ createdAt: NOW - 2 }),
      plain(),
    );
    for (const one of [old, older, fresh]) await store.settleDelivery(one ?? assert.fail(), settled);
    assert.equal(await store.deleteOldDeliveries(NOW, 1), 1);
    assert.equal(await store.delivery(older?.id ?? 0), undefined);
    assert.equal(await store.deleteOldDeliveries(NOW, 9), 1);
    const left = (await store.deliveries({ ...target, count: 9 })).items.map(({ id }) => id);
    assert.deepEqual(left, [fresh?.id, pending?.id]);
  },
};
