import assert from 'node:assert/strict';
import { parseTransactionId, type TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { RefusedCall } from '../ports/refused-calls.ts';
import type { StoreTest } from './records.harness.ts';

const full: RefusedCall = {
  at: 1_700_000_000_123,
  address: '2001:db8::1',
  function: 'authenticateClient',
  refused: { subjectCode: '8.1', reasonCode: '6.1', message: 'a "message" of \u{1F4F1}' },
  check: 'signatureRight',
  transactionId: parseTransactionId('00112233445566778899AABBCCDDEEFF'),
  ciPKIds: ['00ff', 'ab'],
  skipped: 7,
};
const { transactionId: _, check: _check, ...rest } = full;
const bare: RefusedCall = { ...rest, ciPKIds: [], skipped: 0 };

/** The contract of the calls that were refused before an eUICC had proved itself. */
export const refusedCallContract: Record<string, StoreTest> = {
  'refused calls are read back as they were added, the newest first': async (store) => {
    await store.addRefusedCalls([full, bare], 10);
    await store.addRefusedCalls([full], 10);
    assert.deepEqual(await store.refusedCalls(10), [full, bare, full]);
    assert.deepEqual(await store.refusedCalls(1), [full]);
    assert.deepEqual(await store.refusedCallsOf(full.transactionId as TransactionId), [full, full]);
  },
  'only the newest refused calls are kept, however many are added': async (store) => {
    for (let at = 0; at < 10; at += 2)
      await store.addRefusedCalls(
        [at, at + 1].map((at) => ({ ...bare, at })),
        3,
      );
    const times = async () => (await store.refusedCalls(100)).map(({ at }) => at);
    assert.deepEqual(await times(), [9, 8, 7]);
    await store.addRefusedCalls(
      [10, 11, 12, 13].map((at) => ({ ...bare, at })),
      3,
    );
    assert.deepEqual(await times(), [13, 12, 11]);
  },
};
