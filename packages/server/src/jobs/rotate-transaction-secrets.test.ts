import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { openMemoryStore } from '../store/sqlite/memory.harness.ts';
import { openTransactionSecrets } from './rotate-transaction-secrets.ts';

const NOW = Date.UTC(2030, 0, 15, 12);
const [MINUTE, HOUR] = [60_000, 3_600_000];

test('the first server generates a secret that is in force at once, and others use the same', async () => {
  await using store = disposable(await openMemoryStore());
  const parts = { store, random: systemRandom };
  const servers = await Promise.all([1, 2].map(() => openTransactionSecrets(parts, NOW)));
  const [one, other] = servers.map(({ at }) => at(NOW));
  assert.equal(one?.length, 32);
  assert.deepEqual(one, other);
});

test('a secret is in force for a day, and its successor is stored minutes before it is used', async () => {
  await using store = disposable(await openMemoryStore());
  const parts = { store, random: systemRandom };
  const [one, other] = [await openTransactionSecrets(parts, NOW), await openTransactionSecrets(parts, NOW)];
  const first = one.at(NOW);
  for (let now = NOW; now < NOW + 24 * HOUR; now += MINUTE) {
    await one.refresh(now);
    assert.deepEqual(one.at(now), first);
  }
  const late = NOW + 24 * HOUR - 2 * MINUTE;
  await other.refresh(late); // of a server that reads seldom, but within the notice
  const next = NOW + 24 * HOUR;
  assert.notDeepEqual(one.at(next), first);
  assert.deepEqual(other.at(next), one.at(next));
  assert.deepEqual(other.at(next - 1), first);
});

test('a secret is known for as long as a session that it began may take, and is deleted some days later', async () => {
  await using store = disposable(await openMemoryStore());
  const secrets = await openTransactionSecrets({ store, random: systemRandom }, NOW);
  const first = secrets.at(NOW);
  const [lastUse, longestSession] = [NOW + 24 * HOUR - 1, 24 * HOUR];
  for (let now = NOW; now <= lastUse + longestSession; now += MINUTE) await secrets.refresh(now);
  assert.deepEqual(secrets.at(lastUse), first);
  for (let now = NOW + 48 * HOUR; now < NOW + 240 * HOUR; now += MINUTE) await secrets.refresh(now);
  const stored = await store.transactionSecrets();
  assert.equal(stored.length, 4);
  assert.ok(stored.every(({ secret }) => !Buffer.from(secret).equals(first ?? assert.fail())));
});

test('after a long downtime the last secret is used until its successor begins', async () => {
  await using store = disposable(await openMemoryStore());
  const parts = { store, random: systemRandom };
  const first = (await openTransactionSecrets(parts, NOW)).at(NOW);
  const later = NOW + 100 * 24 * HOUR;
  const secrets = await openTransactionSecrets(parts, later);
  assert.deepEqual(secrets.at(later), first);
  assert.notDeepEqual(secrets.at(later + 5 * MINUTE), first);
});

test('a clock that goes back finds a secret too', async () => {
  await using store = disposable(await openMemoryStore());
  const secrets = await openTransactionSecrets({ store, random: systemRandom }, NOW);
  assert.deepEqual(secrets.at(NOW - HOUR), secrets.at(NOW));
});

function disposable<S extends { close(): Promise<void> }>(store: S): S & AsyncDisposable {
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}
