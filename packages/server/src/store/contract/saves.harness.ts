import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { makeUnprintable } from '@esim-rsp/sgp22/crypto/secret';
import type { Change } from '@esim-rsp/smdp/state/change';
import type { EventType } from '@esim-rsp/smdp/state/event';
import { bindingOf } from '@esim-rsp/smdp/state/order';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import fc from 'fast-check';
import { viewProfile } from '../ports/profile-view.ts';
import {
  anyContent,
  anyParameters,
  anyProfile,
  anySession,
  next,
  ownProfile,
  ownSession,
  put,
  refusedSession,
  released,
  type StoreTest,
  saved,
  stocked,
} from './records.harness.ts';

const RUNS = { numRuns: 40 };
const several = { minLength: 1, maxLength: 12 };

const roundTrips: Record<string, StoreTest> = {
  'a profile of any state is read back as it was saved, and so is what it becomes': async (store) => {
    const pairs = fc.array(fc.tuple(anyProfile, anyProfile), several);
    await fc.assert(
      fc.asyncProperty(pairs, async (generated) => {
        const profiles = generated.map(([one, other]) => [ownProfile(one), ownProfile(other)] as const);
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
  'the view of a profile of any state agrees with the whole profile, and only its owner sees it': async (
    store,
  ) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyProfile, several), async (generated) => {
        const profiles = generated.map((one) => ownProfile(one));
        await put(store, ...profiles.map((profile) => ({ profile })));
        for (const profile of profiles) {
          const { account, iccid } = profile;
          assert.deepEqual(await store.profileView(account, iccid), viewProfile(profile));
          assert.equal(await store.profileView(`not ${account}`, iccid), undefined);
        }
      }),
      RUNS,
    );
  },
  'a session of any stage is read back as it was saved, and so is what it becomes': async (store) => {
    const pairs = fc.array(fc.tuple(anySession, anySession), several);
    await fc.assert(
      fc.asyncProperty(pairs, async (generated) => {
        const sessions = generated.map(([one, other]) => [ownSession(one), other] as const);
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
  'the content of a profile is replaced together with its next version, and not with an old one': async (
    store,
  ) => {
    await fc.assert(
      fc.asyncProperty(anyContent, anyContent, async (first, second) => {
        const profile = stocked();
        await put(store, { profile, content: first });
        await put(store, { profile: saved(profile), content: second });
        assert.deepEqual(await store.content(profile.iccid), second);
        assert.equal(await store.save([{ profile: saved(profile), content: first }]), 'stale');
        assert.deepEqual(await store.content(profile.iccid), second);
      }),
      RUNS,
    );
  },
  'what was never saved is undefined or empty': async (store) => {
    assert.equal(await store.profile(next.iccid()), undefined);
    assert.equal(await store.content(next.iccid()), undefined);
    assert.equal(await store.session(next.transactionId()), undefined);
    assert.equal(await store.profileByMatchingId(next.matchingId()), undefined);
    assert.deepEqual(await store.profilesWaitingFor(next.eid(), 9), []);
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
    await put(store, { profile, content: { parameters: makeUnprintable('ProfileParameters', parameters) } });
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
    const [profile, session] = [stocked(), refusedSession()];
    await put(store, { profile }, { session });
    assert.equal(await store.save([{ profile: { ...profile, imsi: '1' } }]), 'stale');
    assert.equal(await store.save([{ session: { ...session, expiresAt: 1 } }]), 'stale');
    assert.deepEqual(await store.profile(profile.iccid), saved(profile));
    assert.deepEqual(await store.session(session.transactionId), saved(session));
  },
  'an update with any version but the stored one is stale and changes nothing': async (store) => {
    const [profile, session] = [stocked({ version: 0 }), refusedSession()];
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
    const [profile, session] = [stocked({ version: 1 }), refusedSession({ version: 1 })];
    assert.equal(await store.save([{ profile }]), 'stale');
    assert.equal(await store.save([{ session }]), 'stale');
    assert.equal(await store.profile(profile.iccid), undefined);
    assert.equal(await store.session(session.transactionId), undefined);
  },
  'a save of several changes is all or nothing, whichever of them is stale': async (store) => {
    const known = stocked();
    await put(store, { profile: known });
    for (const at of [0, 1, 2, 3]) {
      const [profile, other, session] = [stocked(), released(), refusedSession()];
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
    const [profile, session] = [stocked(), refusedSession()];
    assert.equal(await store.save([{ profile }, { profile: { ...profile, imsi: '1' } }]), 'stale');
    assert.equal(await store.save([{ session }, { session }]), 'stale');
    assert.equal(await store.profile(profile.iccid), undefined);
    assert.equal(await store.session(session.transactionId), undefined);
  },
  'a save of nothing is saved': async (store) => {
    await put(store);
  },
};

const together: Record<string, StoreTest> = {
  'saves of one turn all settle, and a stale one does not concern the others': async (store) => {
    const known = stocked();
    await put(store, { profile: known });
    const fresh = Array.from({ length: 9 }, () => stocked());
    const halfStale = refusedSession();
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
  'a read in the turn of a save sees its record as it was or as saved; a read after it sees it': async (
    store,
  ) => {
    const [profile, session] = [stocked(), refusedSession()];
    const [before, outcome, after, content, found] = await Promise.all([
      store.profile(profile.iccid),
      store.save([{ profile, content: { package: Uint8Array.of(1) } }, { session }]),
      store.profile(profile.iccid),
      store.content(profile.iccid),
      store.session(session.transactionId),
    ]);
    assert.deepEqual([before, outcome], [undefined, 'saved']);
    // Work takes turns, so the reads may fall on both sides of the save; nobody may rely on several of them.
    if (after !== undefined) assert.deepEqual(after, saved(profile));
    if (content !== undefined) assert.deepEqual(content, { package: Uint8Array.of(1) });
    if (found !== undefined) assert.equal(found.transactionId, session.transactionId);
    assert.deepEqual(await store.profile(profile.iccid), saved(profile));
  },
};

const event = ({ iccid, account }: Profile, type: EventType): Change => ({
  event: { type, iccid, account, at: 1, actor: { kind: 'system' }, to: 'AVAILABLE' },
});

const unchanged: Record<string, StoreTest> = {
  'a save for a profile that must not have changed is stale when it has, and writes nothing': async (
    store,
  ) => {
    const profile = stocked();
    const checked = event(profile, 'download.checked');
    assert.equal(await store.save([{ unchanged: saved(profile) }, checked]), 'stale', 'there is none');
    await put(store, { profile });
    for (let i = 0; i < 2; i++) await put(store, { unchanged: saved(profile) }, checked);
    assert.deepEqual(await store.profile(profile.iccid), saved(profile), 'its version stays');
    await put(store, { profile: saved(profile) });
    const session = refusedSession();
    assert.equal(await store.save([{ session }, { unchanged: saved(profile) }, checked]), 'stale');
    assert.equal(await store.session(session.transactionId), undefined);
    const { iccid, account } = profile;
    assert.equal((await store.events({ account, iccid, count: 9 })).items.length, 2);
  },
  'an event for which nothing may have changed never follows the change in the history': async (store) => {
    let savedChecks = 0;
    for (let round = 0; round < 28; round++) {
      const profile = stocked();
      await put(store, { profile });
      const check: Change[] = [{ unchanged: saved(profile) }, event(profile, 'download.checked')];
      const change: Change[] = [{ profile: saved(profile) }, event(profile, 'profile.installed')];
      const all = Array.from({ length: 7 }, (_, i) => (i === round % 7 ? change : check));
      const outcomes = await Promise.all(all.map((changes) => store.save(changes)));
      assert.equal(outcomes[round % 7], 'saved');
      const { iccid, account } = profile;
      const types = (await store.events({ account, iccid, count: 9 })).items.map(({ type }) => type);
      const done = outcomes.filter((one) => one === 'saved').length - 1;
      savedChecks += done;
      assert.deepEqual(types, [...Array(done).fill('download.checked'), 'profile.installed']);
    }
    assert.ok(savedChecks > 0, 'no check came first');
  },
};

const uniqueImsi: Record<string, StoreTest> = {
  'of new profiles with one IMSI that is to be their own, saved at the same time, one is stored': async (
    store,
  ) => {
    for (let round = 0; round < 10; round++) {
      const imsi = `00101${String(round).padStart(10, '0')}`;
      const all = Array.from({ length: 5 }, () => stocked({ imsi }));
      const outcomes = await Promise.all(
        all.map((profile) => store.save([{ profile, uniqueImsi: true }, event(profile, 'profile.created')])),
      );
      assert.deepEqual(outcomes.toSorted(), ['saved', ...Array(4).fill('stale')]);
      for (const [i, profile] of all.entries())
        assert.equal((await store.profile(profile.iccid)) !== undefined, outcomes[i] === 'saved');
    }
  },
  'an IMSI is free for a profile that needs its own if only others, out of use or of another account, have it':
    async (store) => {
      const imsi = '001019999999999';
      const retired = stocked({ imsi, state: 'UNAVAILABLE' });
      await put(store, { profile: retired }, { profile: stocked({ imsi, account: 'another' }) });
      const profile = stocked({ imsi });
      await put(store, { profile, uniqueImsi: true });
      const next = stocked({ imsi });
      assert.equal(await store.save([{ profile: next, uniqueImsi: true }]), 'stale');
      await put(store, { profile: next });
    },
};

/** The contract of saves: what is read back, versions, and saves at the same time. */
export const saveContract = { ...roundTrips, ...versions, ...together, ...unchanged, ...uniqueImsi };
