import assert from 'node:assert/strict';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import type { Refused } from '@esim-rsp/smdp/state/session';
import type { SessionFilter } from '../ports/sessions.ts';
import { put, refusedSession, type StoreTest, saved, stocked } from './records.harness.ts';

/** The contract of sessions: the newest are listed, old ones are deleted. */
export const sessionContract: Record<string, StoreTest> = {
  'the journal of a session is read back as it was saved, and so is what is added to it': async (store) => {
    const accepted = { function: 'initiateAuthentication', at: 1 };
    const status = { subjectCode: '8.1', reasonCode: '6.1', message: 'a "message" of \u{1F4F1}' } as const;
    const session = refusedSession({ journal: [accepted] });
    await put(store, { session });
    assert.deepEqual(await store.session(session.transactionId), saved(session));
    const refused = { function: 'authenticateClient', at: 2, refused: status };
    const later = { ...saved(session), journal: [accepted, refused] };
    await put(store, { session: later });
    assert.deepEqual(await store.session(session.transactionId), saved(later));
  },
  'the sessions that were opened last come first, however long they live': async (store) => {
    const opened = [3, 1, 2].map((at) =>
      refusedSession({
        journal: [{ function: 'initiateAuthentication', at }],
        expiresAt: 1_700_000_000_000 - at,
      }),
    );
    await put(store, ...opened.map((session) => ({ session })));
    assert.deepEqual(
      await store.recentSessions(2),
      [opened[0], opened[2]].map((session) => session && saved(session)),
    );
  },
  'sessions are found by account, profile, eUICC, time and reason, the newest first, page by page': async (
    store,
  ) => {
    const [mine, other] = [stocked({ account: 'mine' }), stocked({ account: 'other' })];
    const wrong = { subjectCode: '8.2.7', reasonCode: '3.8', message: 'wrong' } as const;
    const opened = (at: number, members: Partial<Refused>, refused?: typeof wrong) =>
      refusedSession({
        journal: [{ function: 'authenticateClient', at, ...(refused && { refused }) }],
        ...members,
      });
    const sessions = [
      opened(1, { askedFor: mine.iccid }),
      opened(2, { askedFor: mine.iccid }, wrong),
      opened(2, { askedFor: other.iccid }, wrong),
      opened(3, {}),
    ] as const;
    await put(store, { profile: mine }, { profile: other }, ...sessions.map((session) => ({ session })));
    const found = async (filter: Partial<SessionFilter>) => {
      const { items } = await store.sessions({ count: 9, ...filter });
      return items.map(({ transactionId }) =>
        sessions.findIndex((one) => one.transactionId === transactionId),
      );
    };
    assert.deepEqual(await found({}), [3, 2, 1, 0]);
    assert.deepEqual(await found({ account: 'mine' }), [1, 0]);
    assert.deepEqual(await found({ account: 'nobody' }), []);
    assert.deepEqual(await found({ iccid: other.iccid }), [2]);
    assert.deepEqual(await found({ eid: sessions[3].eid }), [3]);
    assert.deepEqual(await found({ reason: '8.2.7/3.8' }), [2, 1]);
    assert.deepEqual(await found({ reason: '8.2.7/3' }), []);
    assert.deepEqual(await found({ since: 2, account: 'mine' }), [1]);
    assert.deepEqual(await found({ until: 2 }), [0]);
    assert.deepEqual(await found({ iccid: mine.iccid, eid: sessions[1].eid }), [1]);
    assert.deepEqual(await found({ iccid: mine.iccid, eid: sessions[3].eid }), []);
    const after = { openedAt: 2, transactionId: sessions[2].transactionId };
    assert.deepEqual(await found({ after, count: 1 }), [1]);
  },
  'sessions of eUICCs that asked for no profile are found, by their EID only where the account knows it':
    async (store) => {
      const journal = [{ function: 'authenticateClient', at: 1 }];
      const [known, unknown] = [refusedSession({ journal }), refusedSession({ journal })];
      const linked: Profile = { ...stocked({ account: 'mine' }), state: 'LINKED', eid: known.eid };
      const asked = refusedSession({ journal, askedFor: linked.iccid, eid: known.eid });
      await put(store, { profile: linked }, ...[known, unknown, asked].map((session) => ({ session })));
      const found = async (filter: Partial<SessionFilter>) =>
        (await store.sessions({ count: 9, withoutProfile: true, ...filter })).items
          .map(({ transactionId }) => transactionId)
          .toSorted();
      assert.deepEqual(await found({}), [known.transactionId, unknown.transactionId].toSorted());
      assert.deepEqual(await found({ account: 'mine' }), await found({}));
      assert.deepEqual(await found({ eid: unknown.eid }), [unknown.transactionId]);
      assert.deepEqual(await found({ account: 'mine', eid: known.eid }), [known.transactionId]);
      assert.deepEqual(await found({ account: 'mine', eid: unknown.eid }), []);
      assert.deepEqual(await found({ account: 'other', eid: known.eid }), []);
    },
  'sessions go when they have expired, not at the very moment, and others stay': async (store) => {
    const now = 1_700_000_000_000;
    const sessions = [now - 9_000_000, now - 1, now, now + 1].map((expiresAt) =>
      refusedSession({ expiresAt }),
    );
    await put(store, ...sessions.map((session) => ({ session })));
    assert.equal(await store.deleteExpiredSessions(now, 9), 2);
    assert.equal(await store.deleteExpiredSessions(now, 9), 0);
    const left = await Promise.all(sessions.map(({ transactionId }) => store.session(transactionId)));
    assert.deepEqual(left, [undefined, undefined, ...sessions.slice(2).map(saved)]);
    const [gone] = sessions;
    assert.ok(gone);
    assert.equal(await store.save([{ session: saved(gone) }]), 'stale');
  },
  'expired sessions are deleted a few at a time, those that expired first': async (store) => {
    const sessions = [3, 1, 2].map((expiresAt) => refusedSession({ expiresAt }));
    await put(store, ...sessions.map((session) => ({ session })));
    assert.equal(await store.deleteExpiredSessions(9, 2), 2);
    const left = await Promise.all(sessions.map(({ transactionId }) => store.session(transactionId)));
    assert.deepEqual(
      left.map((session) => session?.expiresAt),
      [3, undefined, undefined],
    );
  },
};
