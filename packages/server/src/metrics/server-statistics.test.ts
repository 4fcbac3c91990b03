import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMemoryStore } from '../store/sqlite/memory.harness.ts';
import { readStatistics, textOf } from './scrape.ts';
import { createServerStatistics, OTHER_TYPES, stockByType } from './server-statistics.ts';

const count = (account: string, profileType: string, state: 'AVAILABLE' | 'RELEASED', number: number) => ({
  account,
  profileType,
  state,
  count: number,
});

test('the stock of a type is that of all accounts, and a sold-out type has 0', () => {
  const counts = [
    count('a', '', 'AVAILABLE', 7),
    count('a', 'data', 'AVAILABLE', 4),
    count('a', 'gone', 'AVAILABLE', 0),
    count('a', 'sold out', 'AVAILABLE', 0),
    count('a', 'sold out', 'RELEASED', 2),
    count('b', 'data', 'AVAILABLE', 3),
  ];
  assert.deepEqual(stockByType(counts, 9), [
    ['data', 7],
    ['sold out', 0],
  ]);
});

test('there are no more lines than allowed, however many types there are', () => {
  const counts = Array.from({ length: 5000 }, (_, i) => count('a', `type ${i}`, 'AVAILABLE', i));
  const lines = stockByType(counts, 3);
  assert.deepEqual(lines.slice(0, 3), [
    ['type 4999', 4999],
    ['type 4998', 4998],
    ['type 4997', 4997],
  ]);
  const others = (4996 * 4997) / 2;
  assert.deepEqual(lines.slice(3), [[OTHER_TYPES, others]]);
  assert.deepEqual(stockByType(counts.slice(0, 2), 0), [[OTHER_TYPES, 1]]);
});

test('a store that cannot be read costs its own statistics only', async () => {
  const store = await openMemoryStore();
  const statistics = createServerStatistics({
    store,
    certificates: () => [],
    readiness: async () => ['the database cannot be written'],
    storeBytes: async () => ({ database: 5 }),
    freeBytes: () => Promise.reject(new Error('no such folder')),
    lastBackupAt: async () => 2000,
    profileTypes: 5,
  });
  const text = async () => (await textOf(await readStatistics([statistics]), 'prometheus')).body;
  assert.match(await text(), /^esim_outbox_lag_seconds\{target="webhook"\} 0$/m);
  await store.close();
  const later = await text();
  assert.match(later, /^esim_ready 0$/m);
  assert.match(later, /^esim_store_size_bytes\{file="database"\} 5$/m);
  assert.match(later, /^esim_backup_last_timestamp_seconds 2$/m);
  assert.doesNotMatch(later, /^esim_(?:outbox|profiles|store_free|api_keys)/m);
});
