import assert from 'node:assert/strict';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { OnDevice, Stocked } from '@esim-rsp/smdp/state/profile';
import type { ServerStore } from '../../ports/server-store.ts';
import { NO_MATCHING_ID, next, put, released, saved, stocked } from '../records.harness.ts';

/** What no SM-DP+ of ours would choose. */
const VENDORS = ['aZ-9/=+.', 'az-9/=+.', 'x', '42', 'Überall im Netz', '~hash:no', '🏔'.repeat(60)];

const ordered = (matchingId: string, upstream = 'vendor', account = 'operator') =>
  released({ matchingId: matchingId as MatchingId }, { upstream, account });
const ready = (matchingId: string): Stocked =>
  stocked({
    upstream: 'vendor',
    ready: { matchingId: matchingId as MatchingId, releasedAt: 1, smdpAddress: 'rsp.vendor.example.com' },
  });

/** How MatchingIDs of upstreams are found. */
export const upstreamMatchingIdContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'a MatchingID of an upstream is found byte for byte, whatever its alphabet': async (store) => {
    const profiles = VENDORS.map((id) => ordered(id));
    await put(store, ...profiles.map((profile) => ({ profile })));
    for (const [i, profile] of profiles.entries()) {
      const found = await store.profilesByUpstreamMatchingId('operator', VENDORS[i] ?? '', 9);
      assert.deepEqual(found, [saved(profile)]);
    }
    for (const other of ['AZ-9/=+.', 'aZ-9/=+', ' aZ-9/=+.', 'X', '042', 'überall im Netz', ''])
      assert.deepEqual(await store.profilesByUpstreamMatchingId('operator', other, 9), [], other);
  },
  'vendors may choose the same MatchingID: each account finds its own profiles, by ICCID and not too many':
    async (store) => {
      const id = next.matchingId();
      const ours = released({ matchingId: id });
      const own = [ordered(id), ordered(id, 'another'), ready(id)];
      const theirs = ordered(id, 'vendor', 'other');
      await put(store, ...[ours, ...own.toReversed(), theirs].map((profile) => ({ profile })));
      assert.deepEqual(await store.profilesByUpstreamMatchingId('operator', id, 9), own.map(saved));
      assert.deepEqual(
        await store.profilesByUpstreamMatchingId('operator', id, 2),
        own.slice(0, 2).map(saved),
      );
      assert.deepEqual(await store.profilesByUpstreamMatchingId('other', id, 9), [saved(theirs)]);
      assert.deepEqual(await store.profileByMatchingId(id), saved(ours));
    },
  'a MatchingID of an upstream is found as long as an order has it': async (store) => {
    const [first, second] = ['First', 'Second'] as const;
    const found = async (id: string) =>
      (await store.profilesByUpstreamMatchingId('operator', id, 9)).map(({ state }) => state);
    const profile = ready(first);
    const { iccid } = profile;
    await put(store, { profile });
    assert.deepEqual(await found(first), ['AVAILABLE']);
    const order = ordered(first);
    await put(store, { profile: { ...order, iccid, version: 1 } });
    assert.deepEqual(await found(first), ['RELEASED']);
    await put(store, { profile: { ...order, iccid, version: 2, changedAt: 1_800_000_000 } });
    assert.deepEqual(await found(first), ['RELEASED']);
    await put(store, { profile: { ...ordered(second), iccid, version: 3 } });
    assert.deepEqual([await found(first), await found(second)], [[], ['RELEASED']]);
    const device = { eid: next.eid(), lastSeqNumber: 1, lastNotificationAt: 1 };
    const deleted: OnDevice = { ...ordered(second), iccid, version: 4, state: 'DELETED', device };
    await put(store, { profile: deleted });
    assert.deepEqual(await found(second), ['DELETED']);
    await put(store, { profile: { ...ordered(NO_MATCHING_ID), iccid, version: 5 } });
    assert.deepEqual(await found(second), []);
    await put(store, { profile: { ...ordered(second), iccid, version: 6 } });
    await put(store, { profile: stocked({ iccid, upstream: 'vendor', version: 7 }) });
    assert.deepEqual(await found(second), []);
  },
};
