import assert from 'node:assert/strict';
import type { CallFingerprint } from '@esim-rsp/smdp/state/calls';
import type { Change } from '@esim-rsp/smdp/state/change';
import { bindingOf } from '@esim-rsp/smdp/state/order';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import type { Purge } from '@esim-rsp/smdp/state/purge';
import type { Session } from '@esim-rsp/smdp/state/session';
import type { ServerStore } from '../ports/server-store.ts';
import { next, put, released, type StoreTest, saved, stocked } from './records.harness.ts';

const bytes = Uint8Array.of(1, 2, 3);
const reason = { subjectCode: '8.2.10', reasonCode: '4.2', message: 'of the phone of Ann' } as const;

/** A profile with one record of everything that can belong to it. */
async function wholeProfile(store: ServerStore) {
  const profile = released({ reusable: true });
  const { iccid, account } = profile;
  const [eid, transactionId] = [next.eid(), next.transactionId()];
  const session: Session = {
    stage: 'bound',
    transactionId,
    smdpCiPKId: bytes,
    expiresAt: 9,
    version: 0,
    eid,
    iccid,
    euiccPublicKey: bytes,
    smdpSignature2: bytes,
  };
  const binding = bindingOf({ eid, euiccOtpk: bytes, otSkDp: bytes, hostId: bytes });
  const event = {
    type: 'profile.error',
    iccid,
    account,
    at: 5,
    actor: { kind: 'device', eid },
    to: 'ERROR',
    transactionId,
    reason,
    resultData: bytes,
  } as const;
  await put(
    store,
    { profile, content: { package: bytes } },
    { session },
    { use: { iccid, eid, binding, version: 0 } },
    { event },
  );
  const refused = { at: 1, address: '::1', function: 'authenticateClient', refused: reason, transactionId };
  await store.addRefusedCalls([{ ...refused, ciPKIds: [], skipped: 0 }], 100);
  const about = { kind: 'webhook', target: 'we_1', account, type: event.type, iccid, createdAt: 1 } as const;
  const delivery = await store.addDelivery(about);
  await store.settleDelivery(delivery, { state: 'failed', nextAttemptAt: 1, lastError: 'of Ann' });
  const request = { account, key: iccid, fingerprint: 'f', begunAt: 1 };
  await store.beginRequest(request, 0);
  await store.saveAnswer(request, { status: 200, sealed: bytes }, [iccid, next.iccid()]);
  return { profile, eid, session, delivery, request };
}

const purgeOf = ({ iccid, account }: Profile, members: Partial<Purge> = {}): Purge => ({
  iccid,
  account,
  version: 1,
  es2Calls: [],
  at: 9,
  history: 'keep',
  ...members,
});

const eventsOf = async (store: ServerStore, { account, iccid }: Profile) =>
  (await store.events({ account, iccid, count: 9 })).items;

/** The contract of profiles that are deleted. */
export const purgeContract: Record<string, StoreTest> = {
  'a purge deletes what belongs to the profile, and leaves another profile as it is': async (store) => {
    const [one, other] = [await wholeProfile(store), await wholeProfile(store)];
    await put(store, { purge: purgeOf(one.profile, { history: 'remove' }) });
    const left = async ({ profile, eid, session, delivery, request }: typeof one) => [
      await store.profile(profile.iccid),
      await store.content(profile.iccid),
      await store.use(profile.iccid, eid),
      await store.session(session.transactionId),
      (await store.refusedCallsOf(session.transactionId))[0],
      await store.delivery(delivery.id),
      (await eventsOf(store, profile))[0],
      await store.beginRequest(request, 0),
    ];
    const gone = await left(one);
    const emptied = { ...one.request, answer: { status: 200, sealed: new Uint8Array() } };
    assert.deepEqual(gone, [...Array.from({ length: 7 }), emptied]);
    const kept = await left(other);
    assert.ok(kept.every((record) => record !== undefined));
    assert.deepEqual(kept.at(-1), { ...other.request, answer: { status: 200, sealed: bytes } });
  },
  'history that is kept says what happened, and nothing of a person or a device': async (store) => {
    const { profile, delivery } = await wholeProfile(store);
    const mail = await store.addDelivery({
      ...{ kind: 'mail', target: 'anna@example.com', type: 'install_link', createdAt: 5 },
      ...{ account: profile.account, iccid: profile.iccid },
    });
    await put(store, { purge: purgeOf(profile) });
    const [event, ...others] = await eventsOf(store, profile);
    const { subjectCode, reasonCode } = reason;
    const { iccid, account } = profile;
    const words = { subjectCode, reasonCode, message: '' };
    const kept = { type: 'profile.error', iccid, account, at: 5, actor: { kind: 'device' }, to: 'ERROR' };
    assert.deepEqual(event, { id: event?.id, ...kept, reason: words });
    assert.deepEqual(others, []);
    assert.equal((await store.delivery(delivery.id))?.lastError, undefined);
    assert.equal(await store.delivery(mail.id), undefined, 'the address of a customer is kept');
  },
  'events that are saved with the purge stay as they are': async (store) => {
    const { profile, eid } = await wholeProfile(store);
    const { iccid, account, state: to } = profile;
    const event = {
      type: 'profile.purged',
      iccid,
      account,
      at: 9,
      actor: { kind: 'device', eid },
      to,
    } as const;
    await put(store, { purge: purgeOf(profile, { history: 'remove' }) }, { event });
    const [last, ...others] = await eventsOf(store, profile);
    assert.deepEqual([last, others], [{ id: last?.id, ...event }, []]);
  },
  'a purge of another version, of another account or of nothing is stale and deletes nothing': async (
    store,
  ) => {
    const { profile, session } = await wholeProfile(store);
    for (const members of [{ version: 2 }, { account: 'somebody' }, { iccid: next.iccid() }])
      assert.equal(await store.save([{ purge: purgeOf(profile, members) }]), 'stale');
    assert.deepEqual(await store.profile(profile.iccid), saved(profile));
    assert.deepEqual(await store.session(session.transactionId), saved(session));
    assert.equal((await eventsOf(store, profile)).length, 1);
  },
  'a new profile goes on from the version of the deleted one, so that no decision about that one changes it':
    async (store) => {
      const { profile } = await wholeProfile(store);
      const { iccid } = profile;
      assert.equal(await store.hasFormer(iccid), false);
      const late: Change[] = [];
      for (const version of [1, 2, 3]) {
        late.push({ profile: { ...profile, version } });
        await put(store, { profile: { ...profile, version } });
      }
      await put(store, { purge: purgeOf(profile, { version: 4 }) });
      assert.equal(await store.hasFormer(iccid), true);
      const again = stocked({ iccid });
      await put(store, { profile: again });
      late.push({ profile: { ...profile, version: 4 } }, { purge: purgeOf(profile, { version: 4 }) });
      for (const change of late) assert.equal(await store.save([change]), 'stale');
      assert.deepEqual(await store.profile(iccid), { ...again, version: 5 });
      await put(store, { purge: purgeOf(again, { version: 5 }) });
      await put(store, { profile: again });
      assert.equal((await store.profile(iccid))?.version, 6);
    },
  'the calls of ES2+ that changed a deleted profile are known as former ones, for its account': async (
    store,
  ) => {
    const { profile } = await wholeProfile(store);
    const es2Calls = ['one', 'other'] as CallFingerprint[];
    await put(store, { profile: { ...profile, version: 1, es2Calls } });
    assert.deepEqual((await store.profile(profile.iccid))?.es2Calls, es2Calls);
    assert.equal(await store.isFormerCall(profile.account, es2Calls[0] as CallFingerprint), false);
    await put(store, { purge: purgeOf(profile, { version: 2, es2Calls }) });
    for (const call of es2Calls) {
      assert.equal(await store.isFormerCall(profile.account, call), true);
      assert.equal(await store.isFormerCall('somebody', call), false);
    }
  },
  'the ICCID and the MatchingID of a purged profile are free, for any account': async (store) => {
    const { profile } = await wholeProfile(store);
    await put(store, { purge: purgeOf(profile) });
    assert.equal(await store.profileByMatchingId(profile.order.matchingId), undefined);
    const again = stocked({ iccid: profile.iccid, account: 'another' });
    await put(store, { profile: again, content: { package: bytes } });
    assert.deepEqual(await store.profile(profile.iccid), { ...again, version: 2 });
    await put(store, { purge: purgeOf(again, { history: 'remove', version: 2 }) });
    assert.equal((await eventsOf(store, profile)).length, 1, 'the events of the first account stay');
  },
};
