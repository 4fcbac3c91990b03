import assert from 'node:assert/strict';
import { put, refusedSession, type StoreTest, saved } from '../records.harness.ts';

/** The contract of records that are deleted when they are old. */
export const oldRecordContract: Record<string, StoreTest> = {
  'sessions that have expired are read, the oldest first and without keys, and deleted as they were read':
    async (store) => {
      const journal = [{ function: 'initiateAuthentication', at: 1 }];
      const sessions = [3, 1, 2, 9].map((expiresAt) => refusedSession({ expiresAt, journal }));
      await put(store, ...sessions.map((session) => ({ session })));
      const [last, first, middle, young] = sessions.map(saved);
      assert.ok(last && first && middle && young);
      const found = await store.oldRecords('session', 9, 2);
      assert.deepEqual(
        found.map(({ id }) => id),
        [first.transactionId, middle.transactionId],
      );
      assert.deepEqual(JSON.parse(found[0]?.content ?? ''), {
        transaction_id: first.transactionId,
        version: 1,
        stage: 'refused',
        expires_at: 1,
        eid: first.eid,
        opened_at: 1,
        journal,
      });
      const later = { ...middle, journal: [...journal, { function: 'authenticateClient', at: 2 }] };
      await put(store, { session: later });
      assert.equal(await store.deleteOldRecords('session', found), true);
      assert.equal(await store.session(first.transactionId), undefined);
      assert.deepEqual(await store.session(middle.transactionId), saved(later), 'it has changed since');
      assert.equal(await store.deleteOldRecords('session', found), false);
      assert.equal((await store.oldRecords('session', 9, 9)).length, 2);
    },
  'deliveries that have ended are read and deleted, and those that are pending stay': async (store) => {
    const log = { kind: 'webhook', target: 'we_1' } as const;
    const delivery = { ...log, account: 'lab', type: 'stock.low', iccid: '', facts: { at: '1' } };
    const [old, pending, young] = [
      await store.addDelivery({ ...delivery, createdAt: 1 }),
      await store.addDelivery({ ...delivery, createdAt: 2 }),
      await store.addDelivery({ ...delivery, createdAt: 9 }),
    ];
    const failed = { state: 'failed', nextAttemptAt: 1, lastStatus: 500, lastError: 'answered 500' } as const;
    for (const one of [old, young]) await store.settleDelivery(one, failed);
    const found = await store.oldRecords('delivery', 9, 9);
    assert.deepEqual(
      found.map(({ content }) => JSON.parse(content)),
      [
        {
          ...{ id: old.id, attempts: 0, kind: 'webhook', target: 'we_1', account: 'lab', type: 'stock.low' },
          ...{ facts: { at: '1' }, state: 'failed', created_at: 1, last_status: 500 },
          last_error: 'answered 500',
        },
      ],
    );
    assert.equal(await store.deleteOldRecords('delivery', found), true);
    const left = (await store.deliveries({ ...log, count: 9 })).items.map(({ id }) => id);
    assert.deepEqual(left.toSorted(), [pending.id, young.id].toSorted());
  },
};
