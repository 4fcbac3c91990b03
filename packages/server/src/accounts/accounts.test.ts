import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { openMemoryStore } from '../store/sqlite/memory.harness.ts';
import { addAccountWithKey, generateApiKey, MOST_WITH_ROTATED_KEYS, rotateApiKey } from './accounts.ts';

const NOW = Date.UTC(2026, 0, 1);

test('a key that is rotated again and again does not give an account any number of valid keys', async () => {
  const store = await openMemoryStore();
  const made = { random: systemRandom, now: NOW };
  await addAccountWithKey(store, { ...made, userId: 'a', name: 'A', apiKey: generateApiKey(systemRandom) });
  const [{ id = '' } = {}] = await store.apiKeys('a');
  const rotate = (now: number) =>
    rotateApiKey(store, { account: 'a', id, overlapSeconds: 60, random: systemRandom, now });
  for (let keys = 1; keys < MOST_WITH_ROTATED_KEYS; keys++)
    assert.equal(typeof (await rotate(NOW)), 'object');
  assert.equal(await rotate(NOW), 'full');
  assert.equal((await store.validApiKeys('a', NOW / 1000)).length, MOST_WITH_ROTATED_KEYS);
  await store.close();
});
