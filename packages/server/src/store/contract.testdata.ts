import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { unprintable } from '@esim-rsp/sgp22/crypto/secret';
import type { Change } from '@esim-rsp/smdp/ports';
import type { CallFingerprint } from '@esim-rsp/smdp/state/calls';
import { bindingOf } from '@esim-rsp/smdp/state/order';
import type { Profile, Stocked } from '@esim-rsp/smdp/state/profile';
import type { Session } from '@esim-rsp/smdp/state/session';
import fc from 'fast-check';
import { auditContract } from './audit/contract.testdata.ts';
import { eventContract } from './events/contract.testdata.ts';
import { idempotencyContract } from './idempotency/contract.testdata.ts';
import { inventoryContract } from './inventory/contract.testdata.ts';
import { shownProfile } from './inventory/shown.ts';
import { operatorContract } from './operators/contract.testdata.ts';
import { outboxContract } from './outbox/contract.testdata.ts';
import type { ServerStore } from './port.ts';
import {
  anyContent,
  anyParameters,
  anyProfile,
  anySession,
  initiated,
  NO_MATCHING_ID,
  next,
  ownProfile,
  ownSession,
  released,
  stocked,
} from './records.testdata.ts';
import { templateContract } from './templates/contract.testdata.ts';
import { webhookContract } from './webhooks/contract.testdata.ts';

/** A test of a store that is empty when the test begins. */
type StoreTest = (store: ServerStore) => Promise<void>;

/** What every ServerStore owes to its callers: registers a test for each, over stores that `open` makes. */
export function storeContract(kind: string, open: () => Promise<ServerStore>): void {
  const all = {
    ...roundTrips,
    ...versions,
    ...matchingIds,
    ...lists,
    ...others,
    ...together,
    ...operatorContract,
    ...eventContract,
    ...inventoryContract,
    ...auditContract,
    ...idempotencyContract,
    ...outboxContract,
    ...templateContract,
    ...webhookContract,
  };
  for (const [sentence, check] of Object.entries(all))
    test(`${kind}: ${sentence}`, async () => {
      const store = await open();
      try {
        await check(store);
      } finally {
        await store.close();
      }
    });
}

const saved = <R extends Profile | Session>(record: R): R => ({ ...record, version: record.version + 1 });

/** Saves one change, which has to go well. */
async function put(store: ServerStore, ...changes: readonly Change[]): Promise<void> {
  assert.equal(await store.save(changes), 'saved');
}

const RUNS = { numRuns: 40 };
const several = { minLength: 1, maxLength: 12 };

const roundTrips: Record<string, StoreTest> = {
  'a profile of any state is read back as it was saved, and so is what it becomes': async (store) => {
    const pairs = fc.array(fc.tuple(anyProfile, anyProfile), several);
    await fc.assert(
      fc.asyncProperty(pairs, async (drawn) => {
        const profiles = drawn.map(([one, other]) => [ownProfile(one), ownProfile(other)] as const);
        await put(store, ...profiles.map(([profile]) => ({ profile })));
        for (const [profile] of profiles)
          assert.deepEqual(await store.profile(profile.iccid), saved(profile));
        const later = profiles.map(([{ iccid }, other]) => ({ ...other, iccid, version: 1 }));
        await put(store, ...later.map((profile) => ({ profile })));
        for (const profile of later) assert.deepEqual(await store.profile(profile.iccid), saved(profile));
      }),
      RUNS,
    );
  },
  'of a profile of any state its owner is shown what the whole of it says, and nobody else anything': async (
    store,
  ) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyProfile, several), async (drawn) => {
        const profiles = drawn.map((one) => ownProfile(one));
        await put(store, ...profiles.map((profile) => ({ profile })));
        for (const profile of profiles) {
          const { account, iccid } = profile;
          assert.deepEqual(await store.shownProfile(account, iccid), shownProfile(profile));
          assert.equal(await store.shownProfile(`not ${account}`, iccid), undefined);
        }
      }),
      RUNS,
    );
  },
  'a session of any stage is read back as it was saved, and so is what it becomes': async (store) => {
    const pairs = fc.array(fc.tuple(anySession, anySession), several);
    await fc.assert(
      fc.asyncProperty(pairs, async (drawn) => {
        const sessions = drawn.map(([one, other]) => [ownSession(one), other] as const);
        await put(store, ...sessions.map(([session]) => ({ session })));
        for (const [session] of sessions)
          assert.deepEqual(await store.session(session.transactionId), saved(session));
        const later = sessions.map(([{ transactionId }, other]) => ({ ...other, transactionId, version: 1 }));
        await put(store, ...later.map((session) => ({ session })));
        for (const session of later)
          assert.deepEqual(await store.session(session.transactionId), saved(session));
      }),
      RUNS,
    );
  },
  'packages and parameters are read back as they were saved, and outlive changes of their profile': async (
    store,
  ) => {
    await fc.assert(
      fc.asyncProperty(anyContent, async (content) => {
        const profile = stocked();
        await put(store, { profile, content });
        assert.deepEqual(await store.content(profile.iccid), content);
        await put(store, { profile: saved(profile) });
        assert.deepEqual(await store.content(profile.iccid), content);
      }),
      RUNS,
    );
  },
  'what was never saved is undefined or empty': async (store) => {
    assert.equal(await store.profile(next.iccid()), undefined);
    assert.equal(await store.content(next.iccid()), undefined);
    assert.equal(await store.session(next.transactionId()), undefined);
    assert.equal(await store.profileByMatchingId(next.matchingId()), undefined);
    assert.deepEqual(await store.profilesWaitingFor(next.eid()), []);
    assert.deepEqual(await store.accounts(), []);
    assert.deepEqual(await store.apiKeys('nobody'), []);
  },
  'a profile without content has none': async (store) => {
    const profile = stocked();
    await put(store, { profile });
    assert.equal(await store.content(profile.iccid), undefined);
  },
  'bindings and parameters have no printable form when they are read back': async (store) => {
    const binding = bindingOf({
      eid: next.eid(),
      euiccOtpk: new Uint8Array(65).fill(4),
      otSkDp: new TextEncoder().encode('the one-time key'),
      hostId: new Uint8Array(16),
    });
    const profile = released({}, { binding });
    const [parameters] = fc.sample(anyParameters, 1);
    assert.ok(parameters);
    await put(store, { profile, content: { parameters: unprintable('ProfileParameters', parameters) } });
    const found = await store.profile(profile.iccid);
    const content = await store.content(profile.iccid);
    assert.ok(found?.state === 'RELEASED' && content !== undefined && 'parameters' in content);
    assert.match(inspect(found, { depth: 9 }), /binding: '?\[Binding\]/);
    assert.equal(JSON.parse(JSON.stringify(found)).binding, '[Binding]');
    assert.match(inspect(content), /parameters: '?\[ProfileParameters\]/);
    assert.equal(JSON.stringify(content), '{"parameters":"[ProfileParameters]"}');
  },
};

const versions: Record<string, StoreTest> = {
  'version 0 inserts, once': async (store) => {
    const [profile, session] = [stocked(), initiated()];
    await put(store, { profile }, { session });
    assert.equal(await store.save([{ profile: { ...profile, imsi: '1' } }]), 'stale');
    assert.equal(await store.save([{ session: { ...session, serverAddress: 'other' } }]), 'stale');
    assert.deepEqual(await store.profile(profile.iccid), saved(profile));
    assert.deepEqual(await store.session(session.transactionId), saved(session));
  },
  'an update with any version but the stored one is stale and changes nothing': async (store) => {
    const [profile, session] = [stocked({ version: 0 }), initiated()];
    await put(store, { profile }, { session });
    await put(store, { profile: saved(profile) }, { session: saved(session) });
    for (const version of [0, 1, 3]) {
      assert.equal(await store.save([{ profile: { ...profile, version, imsi: '1' } }]), 'stale');
      assert.equal(await store.save([{ session: { ...session, version, expiresAt: 1 } }]), 'stale');
    }
    assert.deepEqual(await store.profile(profile.iccid), { ...profile, version: 2 });
    assert.deepEqual(await store.session(session.transactionId), { ...session, version: 2 });
  },
  'an update of what does not exist is stale': async (store) => {
    const [profile, session] = [stocked({ version: 1 }), initiated({ version: 1 })];
    assert.equal(await store.save([{ profile }]), 'stale');
    assert.equal(await store.save([{ session }]), 'stale');
    assert.equal(await store.profile(profile.iccid), undefined);
    assert.equal(await store.session(session.transactionId), undefined);
  },
  'a save of several changes is all or nothing, wherever the stale one stands': async (store) => {
    const known = stocked();
    await put(store, { profile: known });
    for (const at of [0, 1, 2, 3]) {
      const [profile, other, session] = [stocked(), released(), initiated()];
      const changes: Change[] = [
        { profile, content: { package: Uint8Array.of(1) } },
        { session },
        { profile: other },
      ];
      changes.splice(at, 0, { profile: known });
      assert.equal(await store.save(changes), 'stale');
      assert.equal(await store.profile(profile.iccid), undefined);
      assert.equal(await store.content(profile.iccid), undefined);
      assert.equal(await store.session(session.transactionId), undefined);
      assert.equal(await store.profile(other.iccid), undefined);
    }
    assert.deepEqual(await store.profile(known.iccid), saved(known));
  },
  'the same record twice in one save is stale': async (store) => {
    const [profile, session] = [stocked(), initiated()];
    assert.equal(await store.save([{ profile }, { profile: { ...profile, imsi: '1' } }]), 'stale');
    assert.equal(await store.save([{ session }, { session }]), 'stale');
    assert.equal(await store.profile(profile.iccid), undefined);
    assert.equal(await store.session(session.transactionId), undefined);
  },
  'a save of nothing is saved': async (store) => {
    await put(store);
  },
};

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
    const [first, stock, session] = [released({ matchingId }), stocked(), initiated()];
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
    assert.equal((await store.profilesWaitingFor(eid)).length, 3);
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
    assert.deepEqual(await store.profilesWaitingFor(eid), [first, second, third, fourth].map(saved));
  },
  'a list has the profiles of one account by ICCID, in pages': async (store) => {
    const mine = [stocked(), released(), stocked(), released(), stocked()];
    const others = [stocked({ account: 'other' }), released({}, { account: 'other' })];
    await put(store, ...[...mine.toReversed(), ...others].map((profile) => ({ profile })));
    const page = async (count: number, offset: number, state?: Profile['state']) =>
      store.listProfiles({ account: 'operator', count, offset, ...(state !== undefined && { state }) });
    const all = mine.map(shownProfile);
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
};

const others: Record<string, StoreTest> = {
  'accounts are listed by age, and an id is given once': async (store) => {
    const [old, young] = [
      { id: 'b', name: 'Zoë', createdAt: 1 },
      { id: 'a', name: '', createdAt: 2 },
    ];
    assert.equal(await store.addAccount(young), 'added');
    assert.equal(await store.addAccount(old), 'added');
    assert.equal(await store.addAccount({ ...old, name: 'other' }), 'exists');
    assert.deepEqual(await store.accounts(), [old, young]);
  },
  'an account has all of its keys and no others': async (store) => {
    for (const id of ['a', 'b']) await store.addAccount({ id, name: id, createdAt: 1 });
    const key = (id: string, account: string) => ({
      id,
      account,
      hash: new Uint8Array(32).fill(7),
      createdAt: 1,
      scope: 'admin' as const,
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
  'a key is read back with its scope, name and times, which may move': async (store) => {
    await store.addAccount({ id: 'a', name: 'A', createdAt: 1 });
    const hash = new Uint8Array(32).fill(9);
    const key = {
      id: 'k',
      account: 'a',
      hash,
      createdAt: 1,
      scope: 'read',
      name: 'n',
      expiresAt: 5,
    } as const;
    await store.addApiKey(key);
    assert.deepEqual(await store.apiKeys('a'), [key]);
    assert.equal(await store.expireApiKey('b', 'k', 3), 'unknown');
    assert.equal(await store.expireApiKey('a', 'k', 3), 'expires');
    await store.noteKeyUses([
      { id: 'k', at: 8 },
      { id: 'gone', at: 8 },
    ]);
    await store.noteKeyUses([{ id: 'k', at: 7 }]);
    assert.deepEqual(await store.apiKeys('a'), [{ ...key, expiresAt: 3, lastUsedAt: 8 }]);
  },
  'the journal of a session is read back as it was saved, and so is what is added to it': async (store) => {
    const accepted = { function: 'initiateAuthentication', at: 1 };
    const status = { subjectCode: '8.1', reasonCode: '6.1', message: 'a "message" of \u{1F4F1}' } as const;
    const session = initiated({ journal: [accepted] });
    await put(store, { session });
    assert.deepEqual(await store.session(session.transactionId), saved(session));
    const refused = { function: 'authenticateClient', at: 2, refused: status };
    const later = { ...saved(session), journal: [accepted, refused] };
    await put(store, { session: later });
    assert.deepEqual(await store.session(session.transactionId), saved(later));
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
  'the sessions that were opened last come first, however long they live': async (store) => {
    const opened = [3, 1, 2].map((at) =>
      initiated({ journal: [{ function: 'initiateAuthentication', at }], expiresAt: 1_700_000_000_000 - at }),
    );
    await put(store, ...opened.map((session) => ({ session })));
    assert.deepEqual(
      await store.recentSessions(2),
      [opened[0], opened[2]].map((session) => session && saved(session)),
    );
  },
  'sessions go when they have expired, not at the very moment, and others stay': async (store) => {
    const now = 1_700_000_000_000;
    const sessions = [now - 9_000_000, now - 1, now, now + 1].map((expiresAt) => initiated({ expiresAt }));
    await put(store, ...sessions.map((session) => ({ session })));
    assert.equal(await store.removeExpiredSessions(now), 2);
    assert.equal(await store.removeExpiredSessions(now), 0);
    const left = await Promise.all(sessions.map(({ transactionId }) => store.session(transactionId)));
    assert.deepEqual(left, [undefined, undefined, ...sessions.slice(2).map(saved)]);
    const [gone] = sessions;
    assert.ok(gone);
    assert.equal(await store.save([{ session: saved(gone) }]), 'stale');
  },
};

const together: Record<string, StoreTest> = {
  'saves of one turn all settle, and a stale one does not concern the others': async (store) => {
    const known = stocked();
    await put(store, { profile: known });
    const fresh = Array.from({ length: 9 }, () => stocked());
    const halfStale = initiated();
    const matchingId = next.matchingId();
    const outcomes = await Promise.all([
      ...fresh.slice(0, 4).map((profile) => store.save([{ profile }])),
      store.save([{ session: halfStale }, { profile: known }]),
      store.save([{ profile: released({ matchingId }) }]),
      store.save([{ profile: released({ matchingId }) }]),
      ...fresh.slice(4).map((profile) => store.save([{ profile }])),
    ]);
    const five = Array.from({ length: 5 }, () => 'saved');
    assert.deepEqual(outcomes, [...five.slice(1), 'stale', 'saved', 'matchingIdTaken', ...five]);
    assert.equal(await store.session(halfStale.transactionId), undefined);
    for (const profile of fresh) assert.deepEqual(await store.profile(profile.iccid), saved(profile));
  },
  'of saves that change the same record in one turn exactly one wins': async (store) => {
    const profile = stocked();
    const race = async (version: number) => {
      const tries = Array.from({ length: 20 }, (_, i) => ({ ...profile, version, imsi: String(i) }));
      const outcomes = await Promise.all(tries.map((one) => store.save([{ profile: one }])));
      assert.equal(outcomes.filter((outcome) => outcome === 'saved').length, 1);
      assert.equal(outcomes.filter((outcome) => outcome === 'stale').length, 19);
      const winner = tries[outcomes.indexOf('saved')];
      assert.ok(winner);
      assert.deepEqual(await store.profile(profile.iccid), saved(winner));
    };
    for (const version of [0, 1, 2]) await race(version);
  },
  'a counter that many callers raise loses none of their steps': async (store) => {
    const profile = released({ downloadAttemptsLeft: 0 });
    await put(store, { profile });
    const raise = async () => {
      for (;;) {
        const found = await store.profile(profile.iccid);
        assert.ok(found?.state === 'RELEASED');
        const { downloadAttemptsLeft } = found.order;
        const order = { ...found.order, downloadAttemptsLeft: downloadAttemptsLeft + 1 };
        if ((await store.save([{ profile: { ...found, order } }])) === 'saved') return;
      }
    };
    await Promise.all(Array.from({ length: 25 }, raise));
    const found = await store.profile(profile.iccid);
    assert.ok(found?.state === 'RELEASED');
    assert.deepEqual([found.order.downloadAttemptsLeft, found.version], [25, 26]);
  },
  'a read in the turn of a save sees all of it or nothing; a read after it sees it': async (store) => {
    const [profile, session] = [stocked(), initiated()];
    const [before, outcome, after, content, found] = await Promise.all([
      store.profile(profile.iccid),
      store.save([{ profile, content: { package: Uint8Array.of(1) } }, { session }]),
      store.profile(profile.iccid),
      store.content(profile.iccid),
      store.session(session.transactionId),
    ]);
    assert.deepEqual([before, outcome], [undefined, 'saved']);
    assert.equal((after === undefined) === (content === undefined), true);
    assert.equal((after === undefined) === (found === undefined), true);
    assert.deepEqual(await store.profile(profile.iccid), saved(profile));
  },
};
