import assert from 'node:assert/strict';
import type { Upstream } from '../../ports/gateway/upstreams.ts';
import { makeClientIdentity } from '../../ports/operators.ts';
import type { ServerStore } from '../../ports/server-store.ts';
import { someUpstream } from './upstream.testdata.ts';

/** assert.deepEqual sees no difference between two keys, because they have no printable form. */
const keysOf = ({ client }: Upstream) => [client.certificate, client.key];
const typeOf = (upstream: string, profileType: string, vendorType = profileType) => ({
  account: 'lab',
  upstream,
  profileType,
  vendorType,
  keepReady: 0,
  batch: 1,
  readyDays: 0,
});

async function withAccounts(store: ServerStore): Promise<void> {
  for (const id of ['lab', 'other']) await store.addAccount({ id, name: id, createdAt: 1 });
}

/** The contract of upstreams and of the types that come from them. */
export const upstreamContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'upstreams are read back as they were added, by account and name': async (store) => {
    await withAccounts(store);
    const full = someUpstream({
      name: 'another',
      ca: 'a CA',
      callback: 'its certificate',
      client: makeClientIdentity('one', 'two'),
    });
    const others = someUpstream({ account: 'other' });
    for (const one of [someUpstream(), full, others]) assert.equal(await store.addUpstream(one, 9), 'added');
    assert.deepEqual(await store.upstreams('lab'), [full, someUpstream()]);
    assert.deepEqual((await store.upstreams()).map(keysOf), [full, someUpstream(), others].map(keysOf));
    assert.deepEqual(await store.upstream('lab', 'another'), full);
    assert.equal(await store.upstream('other', 'another'), undefined);
  },
  'an account has one upstream of a name, and at most the given number': async (store) => {
    await withAccounts(store);
    const add = (name: string, account = 'lab') => store.addUpstream(someUpstream({ name, account }), 2);
    const added = [await add('a'), await add('a'), await add('b'), await add('c')];
    assert.deepEqual(added, ['added', 'exists', 'added', 'full']);
    assert.equal(await add('c', 'other'), 'added');
    assert.equal(await store.upstream('lab', 'c'), undefined);
  },
  'updates of an upstream happen one after the other, and none is lost': async (store) => {
    await withAccounts(store);
    await store.addUpstream(someUpstream({ createdAt: 0 }), 9);
    const raise = (one: Upstream) => ({ ...one, createdAt: one.createdAt + 1 });
    await Promise.all(Array.from({ length: 9 }, () => store.updateUpstream('lab', 'vendor', raise)));
    assert.equal((await store.upstream('lab', 'vendor'))?.createdAt, 9);
    const client = makeClientIdentity('a new certificate', 'a new key');
    const updated = await store.updateUpstream('lab', 'vendor', (one) => ({ ...one, name: 'x', client }));
    assert.deepEqual(
      [updated?.name, updated && keysOf(updated)],
      ['vendor', keysOf({ ...someUpstream(), client })],
    );
    assert.deepEqual(
      keysOf((await store.upstream('lab', 'vendor')) ?? assert.fail()),
      keysOf({ ...someUpstream(), client }),
    );
    assert.equal(await store.updateUpstream('other', 'vendor', raise), undefined);
  },
  'a type comes from the upstream that was set last, and goes with it': async (store) => {
    await withAccounts(store);
    for (const name of ['a', 'b']) await store.addUpstream(someUpstream({ name }), 9);
    assert.equal(await store.setUpstreamType(typeOf('c', 'basic'), 9), 'unknown');
    assert.equal(await store.setUpstreamType(typeOf('a', 'basic'), 9), 'set');
    assert.equal(await store.setUpstreamType(typeOf('b', 'basic', 'VENDOR-1'), 9), 'set');
    assert.equal(await store.setUpstreamType(typeOf('b', 'another'), 1), 'full');
    assert.equal(await store.setUpstreamType(typeOf('a', 'another'), 2), 'set');
    assert.deepEqual(await store.upstreamTypes('lab'), [
      typeOf('a', 'another'),
      typeOf('b', 'basic', 'VENDOR-1'),
    ]);
    assert.deepEqual(await store.upstreamTypes('other'), []);
    assert.deepEqual(await store.typesKeptReady(), []);
    const kept = { ...typeOf('b', 'basic', 'VENDOR-1'), keepReady: 10, batch: 30, readyDays: 90 };
    assert.equal(await store.setUpstreamType(kept, 9), 'set');
    assert.deepEqual(await store.typesKeptReady(), [kept]);
    assert.deepEqual(await store.upstreamOfType('lab', 'basic'), kept);
    await store.setUpstreamType(typeOf('b', 'basic', 'VENDOR-1'), 9);
    assert.deepEqual(await store.upstreamOfType('lab', 'basic'), typeOf('b', 'basic', 'VENDOR-1'));
    for (const [account, type] of [
      ['lab', 'unknown'],
      ['other', 'basic'],
    ] as const)
      assert.equal(await store.upstreamOfType(account, type), undefined);
    assert.equal(await store.deleteUpstreamType('lab', 'b', 'another'), 'unknown');
    assert.equal(await store.deleteUpstreamType('lab', 'a', 'another'), 'deleted');
    assert.equal(await store.deleteUpstream('other', 'b'), 'unknown');
    assert.equal(await store.deleteUpstream('lab', 'b'), 'deleted');
    assert.equal(await store.deleteUpstream('lab', 'b'), 'unknown');
    assert.deepEqual(await store.upstreamTypes('lab'), []);
    assert.deepEqual(
      (await store.upstreams('lab')).map(({ name }) => name),
      ['a'],
    );
  },
};
