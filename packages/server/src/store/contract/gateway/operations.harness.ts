import assert from 'node:assert/strict';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Operation, OperationId } from '@esim-rsp/smdp/state/gateway/operation';
import type { Stocked } from '@esim-rsp/smdp/state/profile';
import type { ServerStore } from '../../ports/server-store.ts';
import { next, put, released, saved, stocked } from '../records.harness.ts';
import { someUpstream } from './upstream.testdata.ts';

let counter = 0;
const NOW = 1_700_000_000_000;

function plain(members: Partial<Operation> = {}): Operation {
  return {
    id: `op_${String(++counter).padStart(6, '0')}` as OperationId,
    account: 'lab',
    upstream: 'vendor',
    iccid: next.iccid(),
    kind: 'order',
    calls: ['downloadOrder', 'confirmOrder'],
    step: 0,
    terms: { confirmationCode: '1234', release: true },
    state: 'waiting',
    attempts: 0,
    requestedAt: NOW,
    nextAttemptAt: NOW,
    version: 0,
    ...members,
  };
}

const stored = (operation: Operation): Operation => ({ ...operation, version: operation.version + 1 });

async function withUpstreams(store: ServerStore): Promise<void> {
  await store.addAccount({ id: 'lab', name: 'lab', createdAt: 1 });
  for (const name of ['vendor', 'another']) await store.addUpstream(someUpstream({ name }), 9);
}

const claimOf = (members: object = {}) => ({
  account: 'lab',
  upstream: 'vendor',
  node: 'one',
  now: NOW,
  leaseUntil: NOW + 1000,
  ...members,
});

/** The contract of what is requested from upstreams. */
export const operationContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'operations are read back as they were saved, and each save needs the version before': async (store) => {
    await withUpstreams(store);
    const first = plain();
    const { iccid: _iccid, terms: _terms, ...without } = plain({ profileType: 'basic', kind: 'cancel' });
    const full = {
      ...without,
      caller: { keyId: 'key' },
      state: 'refused' as const,
      lastAttemptAt: NOW,
      endedAt: NOW,
      fault: { subjectCode: '8.2.1', reasonCode: '3.3', message: 'no' },
      lease: { node: 'one', until: NOW },
    };
    await put(store, { operation: first }, { operation: full });
    assert.deepEqual(await store.operation(first.id), stored(first));
    assert.deepEqual(await store.operation(full.id), stored(full));
    assert.equal(await store.operation('op_missing' as OperationId), undefined);
    assert.equal(await store.save([{ operation: first }]), 'stale');
    const changed = { ...stored(first), state: 'unknown' as const, attempts: 3 };
    await put(store, { operation: changed });
    assert.equal(await store.save([{ operation: changed }]), 'stale');
    assert.deepEqual(await store.operation(first.id), stored(changed));
  },
  'a profile has one operation that has not ended, and nothing of a save with a second one is kept': async (
    store,
  ) => {
    await withUpstreams(store);
    const profile = stocked({ account: 'lab', upstream: 'vendor' });
    const first = plain({ iccid: profile.iccid });
    await put(store, { profile }, { operation: first });
    const second = plain({ iccid: profile.iccid });
    const pending = { ...saved(profile), operation: second.id };
    assert.equal(await store.save([{ profile: pending }, { operation: second }]), 'stale');
    assert.deepEqual(await store.profile(profile.iccid), saved(profile));
    const { terms: _terms, ...ended } = { ...stored(first), state: 'done' as const, endedAt: NOW };
    await put(store, { operation: ended });
    await put(store, { profile: pending }, { operation: second });
    assert.deepEqual(await store.operation(second.id), stored(second));
  },
  'a due operation is claimed once, and again when the claim has ended: it is unknown then': async (
    store,
  ) => {
    await withUpstreams(store);
    const operation = plain();
    await put(store, { operation }, { operation: plain({ nextAttemptAt: NOW + 5 }) });
    await put(store, { operation: plain({ upstream: 'another', state: 'done' }) });
    assert.deepEqual(await store.dueUpstreams(NOW - 1), []);
    assert.deepEqual(await store.dueUpstreams(NOW), [{ account: 'lab', upstream: 'vendor' }]);
    const claims = await Promise.all([1, 2, 3].map(() => store.claimOperation(claimOf())));
    const claimed = claims.filter((one) => one !== undefined);
    const lease = { node: 'one', until: NOW + 1000 };
    const sent = { ...operation, state: 'sent', attempts: 1, lastAttemptAt: NOW, lease, version: 2 };
    assert.deepEqual(claimed, [sent]);
    assert.deepEqual(await store.dueUpstreams(NOW), []);
    const late = claimOf({ now: NOW + 1000, leaseUntil: NOW + 2000, node: 'two' });
    const [again, other] = [await store.claimOperation(late), await store.claimOperation(late)];
    assert.deepEqual(
      [again?.id, again?.state, again?.attempts, again?.version],
      [operation.id, 'unknown', 2, 3],
    );
    assert.equal(other?.state, 'sent');
    assert.equal(await store.save([{ operation: claimed[0] as Operation }]), 'stale');
    await store.releaseOperations('one');
    assert.deepEqual(await store.dueUpstreams(NOW + 1000), []);
    await store.releaseOperations('two');
    assert.deepEqual(await store.dueUpstreams(NOW + 1000), [{ account: 'lab', upstream: 'vendor' }]);
  },
  'operations are listed by account, state and profile, the newest first': async (store) => {
    await withUpstreams(store);
    const iccid = next.iccid();
    const settled = { keyId: 'key', at: NOW };
    const all = [
      plain({ state: 'done', settled }),
      plain({ state: 'unknown' }),
      plain({ iccid, state: 'refused' }),
    ];
    await put(store, ...all.map((operation) => ({ operation })));
    const [first, second, third] = all.map(stored);
    const list = (filter: object) => store.operations({ account: 'lab', count: 9, ...filter });
    assert.deepEqual(await list({}), [third, second, first]);
    assert.deepEqual(await list({ count: 2 }), [third, second]);
    assert.deepEqual(await list({ before: second?.id }), [first]);
    assert.deepEqual(await list({ state: 'unknown' }), [second]);
    assert.deepEqual(await list({ iccid }), [third]);
    assert.deepEqual(await list({ iccid, state: 'done', before: third?.id }), []);
    assert.deepEqual(await list({ kind: 'order', upstream: 'vendor', count: 1 }), [third]);
    assert.deepEqual(await list({ kind: 'cancel' }), []);
    assert.deepEqual(await list({ upstream: 'another', state: 'done' }), []);
    assert.deepEqual(await list({ account: 'other' }), []);
  },
  'an upstream is not deleted while an operation at it has not ended': async (store) => {
    await withUpstreams(store);
    const operation = plain();
    await put(store, { operation });
    assert.equal(await store.deleteUpstream('lab', 'vendor'), 'inUse');
    assert.equal(await store.deleteUpstream('lab', 'another'), 'deleted');
    const { terms: _terms, ...ended } = { ...stored(operation), state: 'refused' as const, endedAt: NOW };
    await put(store, { operation: ended });
    assert.equal(await store.deleteUpstream('lab', 'vendor'), 'deleted');
  },
  'old operations are deleted, unless they have not ended': async (store) => {
    await withUpstreams(store);
    const old = [1, 2, 3].map((endedAt) => plain({ state: 'done', endedAt }));
    const open = plain();
    await put(store, ...[...old, open].map((operation) => ({ operation })));
    assert.equal(await store.deleteOldOperations(3, 1), 1);
    assert.equal(await store.deleteOldOperations(3, 9), 1);
    assert.equal(await store.deleteOldOperations(3, 9), 0);
    const left = await store.operations({ account: 'lab', count: 9 });
    assert.deepEqual(
      left.map(({ id }) => id),
      [open.id, old[2]?.id],
    );
  },
  'the MatchingID of an upstream is its own: it may be one of ours, and ours is the one that is found':
    async (store) => {
      const matchingId = next.matchingId();
      const ours = released({ matchingId });
      const theirs = released({ matchingId, smdpAddress: 'rsp.vendor.example.com' }, { upstream: 'vendor' });
      await put(store, { profile: theirs });
      assert.equal(await store.profileByMatchingId(matchingId), undefined);
      await put(store, { profile: ours });
      assert.deepEqual(await store.profileByMatchingId(matchingId), saved(ours));
      assert.deepEqual(await store.profile(theirs.iccid), saved(theirs));
      const view = await store.profileView(theirs.account, theirs.iccid);
      assert.deepEqual(
        [view?.order?.matchingId, view?.order?.smdpAddress],
        [matchingId, 'rsp.vendor.example.com'],
      );
    },
  'a profile for which something is requested is not taken from stock, nor one of an upstream found by EID':
    async (store) => {
      const profile = stocked({ upstream: 'vendor', profileType: 'basic' });
      const pending = stocked({ ...profile, iccid: next.iccid(), operation: 'op_1' as OperationId });
      const eid = next.eid();
      const ordered = released({ matchingId: '' as never, eid }, { upstream: 'vendor' });
      await put(store, { profile: pending }, { profile }, { profile: ordered });
      assert.deepEqual(await store.availableOfType(profile.account, 'basic', 9), [saved(profile)]);
      assert.deepEqual(await store.profilesWaitingFor(eid, 9), []);
    },
  'what is reserved ahead is counted: ready profiles, open operations, and the latest ones': async (
    store,
  ) => {
    await withUpstreams(store);
    const type = { account: 'lab', profileType: 'basic', upstream: 'vendor' };
    assert.deepEqual(await store.reservations(type, 99), { ready: 0, open: 0, latest: [] });
    const inStock = (changedAt: number, members: Partial<Stocked> = {}) =>
      stocked({ account: 'lab', upstream: 'vendor', profileType: 'basic', changedAt, ...members });
    const readySince = (releasedAt: number) => ({
      ready: { matchingId: 'aZ-theirs' as MatchingId, releasedAt, smdpAddress: 'rsp.vendor.example.com' },
    });
    const [late, early] = [inStock(1, readySince(30)), inStock(2, readySince(20))];
    const others = [
      inStock(3),
      inStock(4, { ...readySince(1), upstream: 'another' }),
      inStock(5, { ...readySince(1), operation: 'op_1' as OperationId }),
      inStock(6, { ...readySince(1), profileType: 'other' }),
    ];
    await put(store, ...[late, early, ...others].map((profile) => ({ profile })));
    assert.deepEqual(await store.profile(late.iccid), saved(late));
    const reserve = (members: object) => plain({ kind: 'reserve', profileType: 'basic', ...members });
    const { iccid: _iccid, ...ofType } = reserve({});
    const open = [ofType, reserve({ state: 'unknown' }), reserve({ state: 'sent' })];
    const ended = reserve({ state: 'refused', endedAt: NOW });
    const unlike = [
      reserve({ kind: 'order' }),
      reserve({ upstream: 'another' }),
      reserve({ profileType: 'x' }),
    ];
    await put(store, ...[...open, ended, ...unlike].map((operation) => ({ operation })));
    assert.deepEqual(await store.reservations(type, 99), {
      ready: 2,
      oldest: { iccid: early.iccid, releasedAt: 20 },
      open: 3,
      latest: [ended, ...open.toReversed()].map(stored),
    });
    assert.equal((await store.reservations(type, 1)).ready, 1);
  },
};
