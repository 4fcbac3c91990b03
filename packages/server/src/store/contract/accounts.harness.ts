import assert from 'node:assert/strict';
import type { ApiKey } from '../ports/api-keys.ts';
import { scopes } from '../ports/permissions.ts';
import type { StoreTest } from './records.harness.ts';

/** The contract of accounts and their API keys. */
export const accountContract: Record<string, StoreTest> = {
  'accounts are listed by age, and an id is unique': async (store) => {
    const [old, young] = [
      { id: 'b', name: 'Zoë', createdAt: 1 },
      { id: 'a', name: '', createdAt: 2 },
    ];
    assert.equal(await store.addAccount(young), 'added');
    assert.equal(await store.addAccount(old), 'added');
    assert.equal(await store.addAccount({ ...old, name: 'other' }), 'exists');
    assert.deepEqual(await store.accounts(), [old, young]);
  },
  'an account is added with its first key, both or neither': async (store) => {
    const account = { id: 'a', name: 'A', createdAt: 1 };
    const key = { id: 'k', account: 'a', hash: new Uint8Array(32), createdAt: 1, permissions: scopes.admin };
    assert.equal(await store.addAccount(account, key), 'added');
    assert.deepEqual(await store.apiKeys('a'), [key]);
    assert.equal(await store.addAccount(account, { ...key, id: 'other' }), 'exists');
    assert.deepEqual(await store.apiKeys('a'), [key]);
    await assert.rejects(store.addAccount({ ...account, id: 'b' }, { ...key, account: 'b' }));
    assert.deepEqual(await store.accounts(), [account]);
  },
  'an account has all of its keys and no others': async (store) => {
    for (const id of ['a', 'b']) await store.addAccount({ id, name: id, createdAt: 1 });
    const key = (id: string, account: string) => ({
      id,
      account,
      hash: new Uint8Array(32).fill(7),
      createdAt: 1,
      permissions: scopes.admin,
    });
    const keys = [key('k1', 'a'), key('k2', 'a'), key('k3', 'b')];
    for (const one of keys) await store.addApiKey(one);
    const found = await store.apiKeys('a');
    assert.deepEqual(
      found.toSorted((one, other) => one.id.localeCompare(other.id)),
      keys.slice(0, 2),
    );
    assert.deepEqual(await store.apiKeys('b'), keys.slice(2));
    assert.deepEqual(await store.apiKeys('c'), []);
  },
  'a key is read back with its permissions, name and times, which can change': async (store) => {
    await store.addAccount({ id: 'a', name: 'A', createdAt: 1 });
    const hash = new Uint8Array(32).fill(9);
    const key = {
      id: 'k',
      account: 'a',
      hash,
      createdAt: 1,
      permissions: ['read', 'support'],
      name: 'n',
      expiresAt: 5,
    } as const;
    await store.addApiKey(key);
    assert.deepEqual(await store.apiKeys('a'), [key]);
    assert.equal(await store.expireApiKey('b', 'k', 3), 'unknown');
    assert.equal(await store.expireApiKey('a', 'k', 3), 'expires');
    await store.recordKeyUses([
      { id: 'k', at: 8 },
      { id: 'gone', at: 8 },
    ]);
    await store.recordKeyUses([{ id: 'k', at: 7 }]);
    assert.deepEqual(await store.apiKeys('a'), [{ ...key, expiresAt: 3, lastUsedAt: 8 }]);
  },
  'a key takes the place of another one, which ends, both or neither': async (store) => {
    for (const id of ['a', 'b']) await store.addAccount({ id, name: id, createdAt: 1 });
    const old: ApiKey = {
      ...{ id: 'old', account: 'a', hash: new Uint8Array(32), createdAt: 1, permissions: ['read'] },
      name: 'n',
    };
    await store.addApiKey(old);
    const seen: ApiKey[] = [];
    const rotate = (id: string, account = 'a', count = 3) =>
      store.rotateApiKey(
        account,
        'old',
        (before) => {
          seen.push(before);
          return { key: { ...before, id }, oldExpiresAt: 50 };
        },
        { count, now: 10 },
      );
    assert.equal(await rotate('k1', 'b'), 'unknown');
    assert.equal(await rotate('k1', 'a', 1), 'full');
    assert.deepEqual(await store.apiKeys('a'), [old]);
    await assert.rejects(rotate('old'));
    assert.deepEqual(await store.apiKeys('a'), [old]);
    assert.deepEqual(await rotate('k1'), { ...old, id: 'k1' });
    assert.deepEqual(seen.at(-1), old);
    const keys = [
      { ...old, id: 'k1' },
      { ...old, expiresAt: 50 },
    ];
    assert.deepEqual(await store.apiKeys('a'), keys);
    const outcomes = await Promise.all(['k2', 'k3', 'k4'].map((id) => rotate(id)));
    assert.deepEqual(
      outcomes.map((one) => (typeof one === 'string' ? one : 'rotated')),
      ['rotated', 'full', 'full'],
    );
  },
  'the valid keys of an account are those that have not expired yet': async (store) => {
    for (const id of ['a', 'b']) await store.addAccount({ id, name: id, createdAt: 1 });
    const of = { hash: new Uint8Array(32), createdAt: 1, permissions: [] };
    const lasting = { ...of, id: 'lasting', account: 'a' };
    const ending = { ...of, id: 'ending', account: 'a', expiresAt: 9 };
    for (const key of [lasting, ending, { ...of, id: 'other', account: 'b' }]) await store.addApiKey(key);
    const valid = async (now: number) => (await store.validApiKeys('a', now)).map(({ id }) => id).toSorted();
    assert.deepEqual(await valid(8), ['ending', 'lasting']);
    assert.deepEqual(await valid(9), ['lasting']);
    assert.deepEqual(await store.validApiKeys('c', 1), []);
  },
  'of keys that have expired the last thousand are kept, when another one is added': async (store) => {
    for (const id of ['a', 'b']) await store.addAccount({ id, name: id, createdAt: 1 });
    const keyOf = (n: number) => ({
      id: `k${n}`,
      account: 'a',
      hash: new Uint8Array(32),
      createdAt: 1,
      permissions: [],
      expiresAt: 10 + n,
    });
    const { expiresAt: _, ...lasting } = keyOf(-1);
    await store.addApiKey({ ...keyOf(-2), account: 'b' });
    await Promise.all(Array.from({ length: 1010 }, (_, n) => store.addApiKey(keyOf(n))));
    await store.addApiKey(lasting);
    assert.equal((await store.apiKeys('a')).length, 1011);
    assert.equal(await store.addApiKey({ ...lasting, id: 'valid', createdAt: 5000 }), 'added');
    const ids = (await store.apiKeys('a')).map(({ id }) => id);
    assert.deepEqual([ids.length, (await store.apiKeys('b')).length], [1002, 1]);
    assert.ok(!ids.includes('k9') && ids.includes('k10') && ids.includes('k1009') && ids.includes('k-1'));
  },
  'with a limit, an account has at most that many valid keys, however many callers add one': async (
    store,
  ) => {
    for (const id of ['a', 'b']) await store.addAccount({ id, name: id, createdAt: 1 });
    const key = (id: string, more: Partial<ApiKey> = {}): ApiKey => ({
      ...{ id, account: 'a', hash: new Uint8Array(32), createdAt: 1, permissions: [], ...more },
    });
    const limit = { count: 3, now: 100 };
    assert.equal(await store.addApiKey(key('expired', { expiresAt: 100 }), limit), 'added');
    assert.equal(await store.addApiKey(key('valid', { expiresAt: 101 }), limit), 'added');
    assert.equal(await store.addApiKey(key('other', { account: 'b' }), limit), 'added');
    const outcomes = await Promise.all([1, 2, 3, 4].map((n) => store.addApiKey(key(`k${n}`), limit)));
    assert.deepEqual(outcomes, ['added', 'added', 'full', 'full']);
    assert.equal((await store.apiKeys('a')).length, 4);
    assert.equal(await store.addApiKey(key('more')), 'added');
  },
};
