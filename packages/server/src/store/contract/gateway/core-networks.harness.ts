import assert from 'node:assert/strict';
import { type CoreNetwork, coreTarget, makeCoreCredentials } from '../../ports/gateway/core-networks.ts';
import type { ServerStore } from '../../ports/server-store.ts';

function plain(members: Partial<CoreNetwork> = {}): CoreNetwork {
  return {
    account: 'lab',
    name: 'hlr',
    kind: 'osmohlr',
    url: 'ctrl://hlr.example.com:4259',
    settings: {
      when: 'released',
      remove: true,
      profileTypes: ['basic', 'Zürich, "a"'],
      terms: {
        amf: '8000',
        sqn: 2 ** 48 - 1,
        apn: 'internet',
        sst: 1,
        ambrDownlinkMbps: 1000,
        ambrUplinkMbps: 100,
      },
    },
    credentials: makeCoreCredentials({ user: 'admin', password: 'a password' }),
    after: 0,
    createdAt: 1_700_000_000_000,
    ...members,
  };
}

/** assert.deepEqual sees no difference between credentials, because they have no printable form. */
const secretsOf = ({ credentials }: CoreNetwork) => ({ ...credentials });

async function withAccounts(store: ServerStore): Promise<void> {
  for (const id of ['lab', 'other']) await store.addAccount({ id, name: id, createdAt: 1 });
}

const subscriber = (members: object = {}) => ({
  ...{ account: 'lab', coreNetwork: 'hlr', imsi: '001010000000001', iccid: '8988201000000000017', sentAt: 7 },
  ...members,
});
const of = (iccid: string, account = 'lab') => [account, 'hlr', iccid] as const;

const pending = async (store: ServerStore) =>
  (await store.pendingTargets('core')).map(({ target, account }) => `${account}: ${target}`);

/** The contract of core networks and of the subscribers that they have. */
export const coreNetworkContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'core networks are read back as they were added, by account and name': async (store) => {
    await withAccounts(store);
    const failing = { since: 2 ** 40, error: 'no response', isReported: true };
    const full = plain({ name: 'another', failing, after: 2 ** 40, credentials: makeCoreCredentials({}) });
    const others = plain({ account: 'other' });
    for (const one of [plain(), full, others]) assert.equal(await store.addCoreNetwork(one, 9), 'added');
    assert.deepEqual(await store.coreNetworks('lab'), [full, plain()]);
    assert.deepEqual((await store.coreNetworks()).map(secretsOf), [full, plain(), others].map(secretsOf));
    assert.deepEqual(await store.coreNetwork('lab', 'another'), full);
    assert.equal(await store.coreNetwork('other', 'another'), undefined);
  },
  'an account has one core network of a name, and at most the number of the caller': async (store) => {
    await withAccounts(store);
    const add = (name: string, account = 'lab') => store.addCoreNetwork(plain({ name, account }), 2);
    const added = [await add('a'), await add('a'), await add('b'), await add('c')];
    assert.deepEqual(added, ['added', 'exists', 'added', 'full']);
    assert.equal(await add('c', 'other'), 'added');
    assert.equal(await store.coreNetwork('lab', 'c'), undefined);
  },
  'updates of a core network happen one after the other, with the deliveries that they cause': async (
    store,
  ) => {
    await withAccounts(store);
    await store.addCoreNetwork(plain({ createdAt: 0 }), 9);
    const raise = (one: CoreNetwork) => ({ ...one, createdAt: one.createdAt + 1 });
    await Promise.all(Array.from({ length: 9 }, () => store.updateCoreNetwork('lab', 'hlr', raise)));
    assert.equal((await store.coreNetwork('lab', 'hlr'))?.createdAt, 9);
    const credentials = makeCoreCredentials({ token: 'another' });
    const delivery = { kind: 'core', account: 'lab', type: 'add', iccid: '', createdAt: 1 } as const;
    const updated = await store.updateCoreNetwork(
      'lab',
      'hlr',
      (one) => ({ ...one, name: 'x', credentials }),
      (before, after) => [{ ...delivery, target: `${before.createdAt} ${after.name}` }],
    );
    assert.deepEqual([updated?.name, updated && secretsOf(updated)], ['hlr', { token: 'another' }]);
    assert.deepEqual(await pending(store), ['lab: 9 hlr']);
    assert.equal(await store.updateCoreNetwork('other', 'hlr', raise), undefined);
  },
  'an IMSI belongs to the profile that it was sent for last': async (store) => {
    await withAccounts(store);
    await store.putCoreSubscriber(subscriber());
    assert.deepEqual(await store.coreSubscribers(...of('8988201000000000017')), []);
    await store.addCoreNetwork(plain(), 9);
    await store.putCoreSubscriber(subscriber());
    await store.putCoreSubscriber(subscriber({ imsi: '001010000000002', sentAt: 2 ** 40 }));
    assert.deepEqual(await store.coreSubscribers(...of('8988201000000000017')), [
      subscriber(),
      subscriber({ imsi: '001010000000002', sentAt: 2 ** 40 }),
    ]);
    await store.putCoreSubscriber(subscriber({ iccid: '8988201000000000025', sentAt: 8 }));
    await store.deleteCoreSubscriber(subscriber());
    assert.deepEqual(await store.coreSubscribers(...of('8988201000000000025')), [
      subscriber({ iccid: '8988201000000000025', sentAt: 8 }),
    ]);
    await store.deleteCoreSubscriber(subscriber({ iccid: '8988201000000000025' }));
    assert.deepEqual(await store.coreSubscribers(...of('8988201000000000025')), []);
    assert.deepEqual(await store.coreSubscribers(...of('8988201000000000017', 'other')), []);
  },
  'with a core network go its subscribers and its deliveries, and no others': async (store) => {
    await withAccounts(store);
    for (const account of ['lab', 'other']) {
      const core = plain({ account });
      await store.addCoreNetwork(core, 9);
      await store.putCoreSubscriber(subscriber({ account }));
      const delivery = { kind: 'core', account, type: 'add', iccid: '', createdAt: 1 } as const;
      await store.addDelivery({ ...delivery, target: coreTarget(core) });
    }
    assert.equal(await store.deleteCoreNetwork('other', 'missing'), 'unknown');
    assert.equal(await store.deleteCoreNetwork('lab', 'hlr'), 'deleted');
    assert.equal(await store.deleteCoreNetwork('lab', 'hlr'), 'unknown');
    assert.deepEqual(await pending(store), ['other: other/hlr']);
    await store.addCoreNetwork(plain(), 9);
    assert.deepEqual(await store.coreSubscribers(...of('8988201000000000017')), []);
    assert.equal((await store.coreSubscribers(...of('8988201000000000017', 'other'))).length, 1);
  },
};
