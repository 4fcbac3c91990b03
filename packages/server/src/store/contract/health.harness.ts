import assert from 'node:assert/strict';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { ProfileCount } from '../ports/health.ts';
import type { ServerStore } from '../ports/server-store.ts';
import { stocked } from './records.harness.ts';

/** The contract of the health. */
export const healthContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'a store that was opened can be written and has the newest schema': async (store) => {
    for (const _ of [1, 2]) await store.tryWrite();
    const { found, known, isUsable } = await store.schemaVersion();
    assert.equal(found, known);
    assert.ok(isUsable);
    assert.ok(known > 0);
  },
};

const delivery = {
  kind: 'webhook',
  target: 'we_1',
  account: 'lab',
  type: 'profile.released',
  iccid: '8900101000000000017',
} as const;

async function allCounts(store: ServerStore, most: number): Promise<string[]> {
  const found: ProfileCount[] = [];
  for (;;) {
    const page = await store.profileCounts(found.at(-1), most);
    found.push(...page);
    if (page.length < most) break;
  }
  return found
    .filter(({ count }) => count > 0)
    .map(({ account, profileType, state, count }) => `${account}/${profileType}/${state} ${count}`);
}

/** The contract of the statistics for metrics. */
export const statisticsContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'profiles are counted by account, type and state, page by page': async (store) => {
    assert.deepEqual(await allCounts(store, 10), []);
    const states = ['AVAILABLE', 'AVAILABLE', 'UNAVAILABLE', 'AVAILABLE'] as const;
    const profiles = states.map((state, i) => {
      const [account, iccid] = [i < 3 ? 'a' : 'b', parseIccid(`890010100000000000${i}`)];
      return stocked({ account, iccid, imsi: `00101000000000${i}`, state, profileType: 'data' });
    });
    assert.equal(await store.save(profiles.map((profile) => ({ profile }))), 'saved');
    const expected = [
      'a//AVAILABLE 2',
      'a//UNAVAILABLE 1',
      'a/data/AVAILABLE 2',
      'a/data/UNAVAILABLE 1',
      'b//AVAILABLE 1',
      'b/data/AVAILABLE 1',
    ];
    for (const most of [1, 2, 6, 100]) assert.deepEqual(await allCounts(store, most), expected);
  },
  'pending deliveries of a kind are counted up to a number, with the time of the oldest': async (store) => {
    assert.deepEqual(await store.pendingStatistics('webhook', 10), { count: 0 });
    for (const createdAt of [5000, 3000, 4000]) await store.addDelivery({ ...delivery, createdAt });
    const { id } = await store.addDelivery({ ...delivery, target: 'we_2', createdAt: 1000 });
    await store.addDelivery({ ...delivery, kind: 'es2', createdAt: 9000 });
    assert.deepEqual(await store.pendingStatistics('webhook', 10), { count: 4, oldestAt: 1000 });
    assert.equal((await store.pendingStatistics('webhook', 2)).count, 2);
    await store.settleDelivery({ id, attempts: 0 }, { state: 'delivered', nextAttemptAt: 0 });
    assert.deepEqual(await store.pendingStatistics('webhook', 10), { count: 3, oldestAt: 3000 });
    assert.deepEqual(await store.pendingStatistics('es2', 10), { count: 1, oldestAt: 9000 });
  },
  'the database has a size': async (store) => {
    assert.ok((await store.databaseBytes()) > 4096);
  },
  'API keys that expire between two times are counted': async (store) => {
    await store.addAccount({ id: 'lab', name: 'Lab', createdAt: 1 });
    for (const [i, expiresAt] of [undefined, 100, 200, 300].entries()) {
      const key = { id: `key_${i}`, account: 'lab', hash: new Uint8Array(32).fill(i), createdAt: 1 };
      await store.addApiKey({ ...key, permissions: ['read'], ...(expiresAt && { expiresAt }) });
    }
    assert.equal(await store.keysExpiringBetween(100, 300), 2);
    assert.equal(await store.keysExpiringBetween(300, 400), 0);
  },
};
