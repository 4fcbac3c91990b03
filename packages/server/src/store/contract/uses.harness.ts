import assert from 'node:assert/strict';
import { bindingOf } from '@esim-rsp/smdp/state/order';
import type { Released } from '@esim-rsp/smdp/state/profile';
import { fail, report, stockAgain } from '@esim-rsp/smdp/state/transitions';
import type { Use } from '@esim-rsp/smdp/state/use';
import { next, put, released, type StoreTest, saved } from './records.harness.ts';

const reason = { subjectCode: '8.2.10', reasonCode: '4.2', message: 'it failed' } as const;

function useOf({ iccid }: Released): Use {
  const eid = next.eid();
  const bytes = Uint8Array.of(1, 2);
  const binding = bindingOf({ eid, euiccOtpk: bytes, otSkDp: bytes, hostId: bytes });
  const device = { eid, lastSeqNumber: 3, lastNotificationAt: 4, state: 'ENABLED' } as const;
  return { iccid, eid, binding, device, version: 0 };
}

/** The contract of what eUICCs do with the profiles of reusable orders. */
export const useContract: Record<string, StoreTest> = {
  'each eUICC has a use of its own, which is read back as it was saved and as it was changed': async (
    store,
  ) => {
    const profile = released({ reusable: true });
    const [one, other] = [useOf(profile), useOf(profile)];
    await put(store, { profile }, { use: one }, { use: other });
    for (const use of [one, other])
      assert.deepEqual(await store.use(use.iccid, use.eid), { ...use, version: 1 });
    const { binding: _, ...ended } = one;
    await put(store, { use: { ...ended, version: 1 } });
    assert.deepEqual(await store.use(one.iccid, one.eid), { ...ended, version: 2 });
    assert.equal(await store.save([{ use: { ...ended, version: 1 } }]), 'stale');
    assert.equal(await store.use(one.iccid, next.eid()), undefined);
  },
  'the latest use is shown without a new version, so that a save at the same time is not stale': async (
    store,
  ) => {
    const profile = released({ reusable: true });
    await put(store, { profile });
    const [eid, now] = [next.eid(), 5];
    const reported = report(profile, 'INSTALLED', { eid, seqNumber: 1 }, now) as Released;
    await put(store, { latest: reported });
    const shown = await store.profile(profile.iccid);
    assert.deepEqual(shown, { ...reported, version: 1 });
    const failed = fail(profile, reason, now) as Released;
    await put(store, { latest: failed });
    assert.deepEqual(await store.profile(profile.iccid), { ...failed, version: 1 });
    await put(store, { profile: saved(profile) });
  },
  'the latest use of an order that has ended is not shown, and its uses are deleted': async (store) => {
    const profile = released({ reusable: true });
    const use = useOf(profile);
    await put(store, { profile }, { use });
    const back = stockAgain(saved(profile), 'AVAILABLE', 9);
    await put(store, { profile: back }, { latest: fail(profile, reason, 10) as Released });
    assert.deepEqual(await store.profile(profile.iccid), saved(back));
    assert.equal(await store.use(use.iccid, use.eid), undefined);
  },
};
