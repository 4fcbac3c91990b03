import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseTransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import { openMemoryStore } from '../store/sqlite/memory.harness.ts';
import { collectRefusedCalls } from './record-refused-calls.ts';

const NOW = Date.UTC(2030, 0, 15, 12);
const call = {
  at: NOW,
  address: '192.0.2.1',
  function: 'authenticateClient',
  refused: { subjectCode: '8.1', reasonCode: '6.1', message: 'the signature is wrong' },
  check: 'signatureRight',
  ciPKIds: ['00ff'],
} as const;

test('a refused call is stored with the next flush, once', async () => {
  const store = await openMemoryStore();
  const calls = collectRefusedCalls(store);
  calls.record(call);
  assert.deepEqual(await store.refusedCalls({ count: 9 }), []);
  await calls.flush();
  await calls.flush();
  assert.deepEqual(await store.refusedCalls({ count: 9 }), [{ ...call, skipped: 0 }]);
});

test('a call that is in the journal of a session is not stored again', async () => {
  const store = await openMemoryStore();
  const calls = collectRefusedCalls(store);
  const [known, unknown] = ['00', '01'].map((text) => parseTransactionId(text.repeat(16)));
  assert.ok(known && unknown);
  const eid = parseEid('89049032000000000000000000000163');
  const session = {
    stage: 'refused',
    version: 0,
    expiresAt: NOW,
    smdpCiPKId: new Uint8Array(),
    eid,
  } as const;
  await store.save([{ session: { ...session, transactionId: known } }]);
  for (const transactionId of [known, unknown]) calls.record({ ...call, transactionId });
  await calls.flush();
  assert.deepEqual(
    (await store.refusedCalls({ count: 9 })).map(({ transactionId }) => transactionId),
    [unknown],
  );
});

test('a flood from one address is counted, and a call from another address is still stored', async () => {
  const store = await openMemoryStore();
  const calls = collectRefusedCalls(store);
  for (let i = 0; i < 5000; i++) calls.record(call);
  calls.record({ ...call, address: '192.0.2.2' });
  await calls.flush();
  const [newest, ...others] = await store.refusedCalls({ count: 9000 });
  assert.deepEqual([newest?.address, newest?.skipped, others.length], ['192.0.2.2', 4940, 60]);
});

test('a flood from many addresses stores a few hundred calls a minute, and a thousand in all', async () => {
  const store = await openMemoryStore();
  const calls = collectRefusedCalls(store);
  const flood = async (minute: number) => {
    const at = NOW + minute * 60_000;
    for (let i = 0; i < 2000; i++)
      calls.record({ ...call, at, address: `10.${minute}.${i >> 8}.${i & 255}` });
    await calls.flush();
  };
  await flood(0);
  assert.equal((await store.refusedCalls({ count: 9000 })).length, 300);
  for (let minute = 1; minute < 6; minute++) await flood(minute);
  assert.equal((await store.refusedCalls({ count: 9000 })).length, 1000);
});

test('a long message is shortened', async () => {
  const store = await openMemoryStore();
  const calls = collectRefusedCalls(store);
  calls.record({ ...call, refused: { ...call.refused, message: 'x'.repeat(99_999) } });
  await calls.flush();
  assert.equal((await store.refusedCalls({ count: 1 }))[0]?.refused.message.length, 300);
});
