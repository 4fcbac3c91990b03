import assert from 'node:assert/strict';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { parseTransactionId, type TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import { type Binding, bindingOf } from '@esim-rsp/smdp/state/order';
import type { Released } from '@esim-rsp/smdp/state/profile';
import type { RefusedCall } from '../ports/refused-calls.ts';
import { next, put, released, type StoreTest } from './records.harness.ts';

const full: RefusedCall = {
  at: 1_700_000_000_123,
  address: '2001:db8::1',
  function: 'authenticateClient',
  refused: { subjectCode: '8.1', reasonCode: '6.1', message: 'a "message" of \u{1F4F1}' },
  check: 'signatureRight',
  transactionId: parseTransactionId('00112233445566778899AABBCCDDEEFF'),
  ciPKIds: ['00ff', 'ab'],
  skipped: 7,
  claimedEid: parseEid('89049032000000000000000000000163'),
  claimedIccid: parseIccid('8900101000000000019'),
};
const { transactionId: _, check: _check, claimedEid: _eid, claimedIccid: _iccid, ...rest } = full;
const bare: RefusedCall = { ...rest, ciPKIds: [], skipped: 0 };

const octets = new Uint8Array(4);
const binding = { euiccOtpk: octets, otSkDp: octets, hostId: octets };

/** The contract of the calls that were refused before an eUICC had proved itself. */
export const refusedCallContract: Record<string, StoreTest> = {
  'refused calls are read back as they were added, the newest first': async (store) => {
    await store.addRefusedCalls([full, bare], 10);
    await store.addRefusedCalls([full], 10);
    assert.deepEqual(await store.refusedCalls({ count: 10 }), [full, bare, full]);
    assert.deepEqual(await store.refusedCalls({ count: 1 }), [full]);
    assert.deepEqual(await store.refusedCallsOf(full.transactionId as TransactionId), [full, full]);
  },
  'only the newest refused calls are kept, however many are added': async (store) => {
    for (let at = 0; at < 10; at += 2)
      await store.addRefusedCalls(
        [at, at + 1].map((at) => ({ ...bare, at })),
        3,
      );
    const times = async () => (await store.refusedCalls({ count: 100 })).map(({ at }) => at);
    assert.deepEqual(await times(), [9, 8, 7]);
    await store.addRefusedCalls(
      [10, 11, 12, 13].map((at) => ({ ...bare, at })),
      3,
    );
    assert.deepEqual(await times(), [13, 12, 11]);
  },
  'refused calls are found by what they claim, their reason and their time': async (store) => {
    const [eid, iccid] = [next.eid(), next.iccid()];
    const refused = { subjectCode: '8.2.6', reasonCode: '3.8', message: 'unknown' } as const;
    const [first, second, third] = [
      { ...bare, at: 1, claimedEid: eid },
      { ...bare, at: 2, claimedIccid: iccid, refused },
      { ...bare, at: 3 },
    ];
    await store.addRefusedCalls([first, second, third], 10);
    const found = (filter: object) => store.refusedCalls({ ...filter, count: 10 });
    assert.deepEqual(await found({ eid }), [first]);
    assert.deepEqual(await found({ iccid }), [second]);
    assert.deepEqual(await found({ eid, iccid }), []);
    assert.deepEqual(await found({ reason: '8.2.6/3.8' }), [second]);
    assert.deepEqual(await found({ since: 2 }), [third, second]);
  },
  'an account finds only what is claimed of its own profiles and eUICCs': async (store) => {
    const own = released({}, { account: 'anna', binding: bindingOf({ ...binding, eid: next.eid() }) });
    const foreign = released({}, { account: 'bert', binding: bindingOf({ ...binding, eid: next.eid() }) });
    await put(store, { profile: own }, { profile: foreign });
    const call = (profile: Released) => [
      { ...bare, claimedIccid: profile.iccid },
      { ...bare, claimedEid: (profile.binding as Binding).eid },
    ];
    const calls = [...call(own), ...call(foreign)];
    await store.addRefusedCalls(calls, 10);
    const found = (filter: object) => store.refusedCalls({ ...filter, account: 'anna', count: 10 });
    for (const { claimedIccid: iccid, claimedEid: eid } of call(own) as RefusedCall[])
      assert.equal((await found({ ...(iccid && { iccid }), ...(eid && { eid }) })).length, 1);
    for (const { claimedIccid: iccid, claimedEid: eid } of call(foreign) as RefusedCall[])
      assert.equal((await found({ ...(iccid && { iccid }), ...(eid && { eid }) })).length, 0);
    assert.equal((await found({})).length, 4);
  },
};
