import assert from 'node:assert/strict';
import type { CallFingerprint } from '@esim-rsp/smdp/state/calls';
import { bindingOf } from '@esim-rsp/smdp/state/order';
import type { Profile, Stocked } from '@esim-rsp/smdp/state/profile';
import { viewProfile } from '../ports/profile-view.ts';
import {
  NO_MATCHING_ID,
  next,
  put,
  refusedSession,
  released,
  type StoreTest,
  saved,
  stocked,
} from './records.harness.ts';

const matchingIds: Record<string, StoreTest> = {
  'a profile is found by its MatchingID, and never by an empty one': async (store) => {
    const matchingId = next.matchingId();
    const [profile, waiting] = [
      released({ matchingId }),
      released({ matchingId: NO_MATCHING_ID, eid: next.eid() }),
    ];
    await put(store, { profile: waiting }, { profile });
    assert.deepEqual(await store.profileByMatchingId(matchingId), saved(profile));
    assert.equal(await store.profileByMatchingId(NO_MATCHING_ID), undefined);
  },
  'a MatchingID of another order is taken, and nothing is written': async (store) => {
    const matchingId = next.matchingId();
    const [first, stock, session] = [released({ matchingId }), stocked(), refusedSession()];
    await put(store, { profile: first }, { profile: stock });
    const ordered = { ...released({ matchingId }), iccid: stock.iccid, version: 1 };
    for (const profile of [released({ matchingId }), ordered])
      assert.equal(await store.save([{ session }, { profile }]), 'matchingIdTaken');
    assert.equal(await store.session(session.transactionId), undefined);
    assert.deepEqual(await store.profile(stock.iccid), saved(stock));
    assert.deepEqual(await store.profileByMatchingId(matchingId), saved(first));
  },
  'two orders of one save cannot share a MatchingID': async (store) => {
    const matchingId = next.matchingId();
    const [first, second] = [released({ matchingId }), released({ matchingId })];
    assert.equal(await store.save([{ profile: first }, { profile: second }]), 'matchingIdTaken');
    assert.equal(await store.profile(first.iccid), undefined);
    assert.equal(await store.profileByMatchingId(matchingId), undefined);
  },
  'an order keeps its MatchingID through its changes, also when the profile has been deleted': async (
    store,
  ) => {
    const matchingId = next.matchingId();
    const profile = released({ matchingId });
    const device = { eid: next.eid(), lastSeqNumber: 1, lastNotificationAt: 1 };
    const { order } = profile;
    await put(store, { profile });
    await put(store, { profile: saved(profile) });
    await put(store, {
      profile: { ...stocked(), iccid: profile.iccid, version: 2, state: 'DELETED', order, device } as Profile,
    });
    assert.equal(await store.save([{ profile: released({ matchingId }) }]), 'matchingIdTaken');
    assert.equal((await store.profileByMatchingId(matchingId))?.state, 'DELETED');
  },
  'a MatchingID is free again when no order has it any more': async (store) => {
    const matchingId = next.matchingId();
    const profile = released({ matchingId });
    await put(store, { profile });
    await put(store, { profile: stocked({ iccid: profile.iccid, version: 1 }) });
    assert.equal(await store.profileByMatchingId(matchingId), undefined);
    await put(store, { profile: released({ matchingId }) });
  },
  'empty MatchingIDs do not collide': async (store) => {
    const eid = next.eid();
    const waiting = () => ({ profile: released({ matchingId: NO_MATCHING_ID, eid }) });
    await put(store, waiting(), waiting());
    await put(store, waiting());
    assert.equal((await store.profilesWaitingFor(eid, 9)).length, 3);
  },
};

const lists: Record<string, StoreTest> = {
  'the profiles that wait for an eUICC are those without MatchingID, oldest release first': async (store) => {
    const eid = next.eid();
    const matchingId = NO_MATCHING_ID;
    const binding = bindingOf({
      eid,
      euiccOtpk: Uint8Array.of(4),
      otSkDp: Uint8Array.of(5),
      hostId: Uint8Array.of(6),
    });
    const waitingSince = (releasedAt: number) => released({ matchingId, eid, releasedAt });
    const [third, first, fourth] = [waitingSince(30), waitingSince(9), waitingSince(30)];
    const second: Profile = { ...waitingSince(10), state: 'DOWNLOADED', binding };
    const device = { eid, lastSeqNumber: 1, lastNotificationAt: 1 };
    const others: Profile[] = [
      released({ eid, releasedAt: 1 }),
      released({ matchingId, eid: next.eid(), releasedAt: 1 }),
      { ...waitingSince(1), state: 'CONFIRMED' },
      { ...waitingSince(1), state: 'ENABLED', device },
      { ...stocked(), state: 'LINKED', eid },
    ];
    await put(store, ...[third, ...others, fourth, second, first].map((profile) => ({ profile })));
    const all = [first, second, third, fourth].map(saved);
    assert.deepEqual(await store.profilesWaitingFor(eid, 9), all);
    assert.deepEqual(await store.profilesWaitingFor(eid, 2), all.slice(0, 2));
  },
  'a list has the profiles of one account by ICCID, in pages': async (store) => {
    const mine = [stocked(), released(), stocked(), released(), stocked()];
    const others = [stocked({ account: 'other' }), released({}, { account: 'other' })];
    await put(store, ...[...mine.toReversed(), ...others].map((profile) => ({ profile })));
    const page = async (count: number, offset: number, state?: Profile['state']) =>
      store.listProfiles({ account: 'operator', count, offset, ...(state !== undefined && { state }) });
    const all = mine.map(viewProfile);
    assert.deepEqual(await page(10, 0), { total: 5, profiles: all });
    assert.deepEqual(await page(2, 1), { total: 5, profiles: all.slice(1, 3) });
    assert.deepEqual(await page(2, 4), { total: 5, profiles: all.slice(4) });
    assert.deepEqual(await page(2, 5), { total: 5, profiles: [] });
    assert.deepEqual(await page(0, 0), { total: 5, profiles: [] });
    assert.deepEqual(await page(1, 1, 'RELEASED'), { total: 2, profiles: all.slice(3, 4) });
    assert.deepEqual(await page(9, 0, 'ERROR'), { total: 0, profiles: [] });
    const nobody = await store.listProfiles({ account: 'nobody', count: 9, offset: 0 });
    assert.deepEqual(nobody, { total: 0, profiles: [] });
  },
  'the stock of a type is what one account has AVAILABLE, longest first, as much as is asked for': async (
    store,
  ) => {
    const ofType = (changedAt: number, other: Partial<Stocked> = {}) =>
      stocked({ profileType: 'kind', changedAt, ...other });
    const [third, first, fourth, second] = [ofType(30), ofType(9), ofType(30), ofType(10)];
    const others = [
      ofType(1, { account: 'other' }),
      ofType(1, { profileType: 'other' }),
      ofType(1, { state: 'UNAVAILABLE' }),
      stocked({ changedAt: 1 }),
      released({}, { profileType: 'kind', changedAt: 1 }),
    ];
    await put(store, ...[third, first, ...others, fourth, second].map((profile) => ({ profile })));
    const all = [first, second, third, fourth].map(saved);
    assert.deepEqual(await store.availableOfType('operator', 'kind', 9), all);
    assert.deepEqual(await store.availableOfType('operator', 'kind', 1), all.slice(0, 1));
    assert.deepEqual(await store.availableOfType('nobody', 'kind', 9), []);
  },
  'a type is known to the account that has a profile of it, in whatever state': async (store) => {
    await put(store, { profile: released({}, { profileType: 'kind' }) });
    assert.equal(await store.knowsType('operator', 'kind'), true);
    assert.equal(await store.knowsType('operator', 'other'), false);
    assert.equal(await store.knowsType('other', 'kind'), false);
  },
  'a call of DownloadOrder finds the profile that it reserved, and reserves one only': async (store) => {
    const calls = { downloadOrder: 'a call' as CallFingerprint };
    const [profile, other] = [stocked({ calls }), stocked()];
    await put(store, { profile }, { profile: other }, { profile: stocked({ calls, account: 'other' }) });
    assert.deepEqual(await store.profileOrderedBy('operator', calls.downloadOrder), saved(profile));
    assert.equal(await store.save([{ profile: { ...saved(other), calls } }]), 'stale');
    assert.deepEqual(await store.profile(other.iccid), saved(other));
    await put(store, { profile: { ...stocked(), iccid: profile.iccid, version: 1 } });
    assert.equal(await store.profileOrderedBy('operator', calls.downloadOrder), undefined);
    await put(store, { profile: { ...saved(other), calls } });
  },
  'a profile that changes its state leaves one list and enters the other': async (store) => {
    const profile = stocked();
    const listed = async (state: Profile['state']) =>
      (await store.listProfiles({ account: 'operator', state, count: 9, offset: 0 })).total;
    await put(store, { profile });
    assert.deepEqual([await listed('AVAILABLE'), await listed('RELEASED')], [1, 0]);
    await put(store, { profile: { ...released(), iccid: profile.iccid, version: 1 } });
    assert.deepEqual([await listed('AVAILABLE'), await listed('RELEASED')], [0, 1]);
  },
  'an IMSI is held by another profile of the account that is in use': async (store) => {
    const imsi = '001010000000777';
    const [used, retired, foreign] = [
      stocked({ imsi }),
      stocked({ imsi, state: 'UNAVAILABLE' }),
      stocked({ imsi, account: 'other' }),
    ];
    const own = { imsi, iccid: used.iccid };
    const another = { imsi, iccid: next.iccid() };
    const free = { imsi: '001010000000778', iccid: next.iccid() };
    const holders = (account = 'operator') => store.imsiHolders(account, [own, free, another, own]);
    await put(store, { profile: retired }, { profile: foreign });
    assert.deepEqual(await holders(), [undefined, undefined, undefined, undefined]);
    await put(store, { profile: used });
    assert.deepEqual(await holders(), [undefined, undefined, used.iccid, undefined]);
    assert.deepEqual(await holders('other'), [foreign.iccid, undefined, foreign.iccid, foreign.iccid]);
    const many = Array.from({ length: 64 }, () => another);
    assert.deepEqual(await store.imsiHolders('operator', many), Array(64).fill(used.iccid));
    assert.deepEqual(await store.imsiHolders('operator', []), []);
  },
  'profiles are due when a cool-down is over or an order has expired, and nobody else is': async (store) => {
    const [now, later] = [1_700_000_000, 1_700_000_001];
    const device = { eid: next.eid(), lastSeqNumber: 1, lastNotificationAt: now };
    const deleted = (returnsAt: number | undefined): Profile => {
      const { order, ...known } = released(returnsAt === undefined ? {} : { returnsAt });
      return { ...known, state: 'DELETED', order, device };
    };
    const [back, expired] = [deleted(now), released({ expiresAt: now })];
    const others = [
      deleted(later),
      deleted(undefined),
      released({ expiresAt: later }),
      released({ expiresAt: now, reusable: true }),
      released(),
      stocked(),
    ];
    await put(store, ...[back, expired, ...others].map((profile) => ({ profile })));
    assert.deepEqual(new Set(await store.profilesDue(now, 10)), new Set([back.iccid, expired.iccid]));
    assert.equal((await store.profilesDue(later, 3)).length, 3);
    assert.equal((await store.profilesDue(later, 10)).length, 4);
  },
};

/** The contract of finding profiles: by MatchingID, by EID, in lists. */
export const profileContract = { ...matchingIds, ...lists };
