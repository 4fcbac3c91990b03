import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal, type StatusCode } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import { type CodeAttempts, createCodeAttempts } from './code-attempts.ts';

const NOW = 1_700_000_000_000;
const live = Uint8Array.of(1);
const published = Uint8Array.of(2);
const limits = { perEuicc: 3, perAddress: 10, isPublicCi: (id: Uint8Array) => id[0] === 2 };
const wrongCode = { subjectCode: '8.2.7', reasonCode: '3.8', message: 'wrong' } as StatusCode;
const otherRefusal = { subjectCode: '8.8.5', reasonCode: '4.10', message: 'expired' } as StatusCode;

function euicc(name: string, ciPKId?: Uint8Array) {
  return { eid: name as Eid, spki: Buffer.from(name), ...(ciPKId && { ciPKId }) };
}

/** One call with a wrong code; returns why it was refused before the code was checked. */
function tryCode(attempts: CodeAttempts, address: string, by: ReturnType<typeof euicc>, now = NOW): string {
  try {
    const attempt = attempts.begin(address, now);
    try {
      attempt.euiccProven(by);
      attempt.end(wrongCode);
      return 'checked';
    } catch (error) {
      attempt.end((error as Refusal).status);
      throw error;
    }
  } catch (error) {
    assert.ok(error instanceof Refusal);
    assert.match(error.status.message ?? '', /try again in \d+ seconds/);
    return /from this (\w+)/.exec(error.status.message ?? '')?.[1] ?? '';
  }
}

test('an eUICC that tries wrong codes waits, wherever it comes from, and its neighbours do not', () => {
  const attempts = createCodeAttempts(limits);
  const tried = (name: string, address: string, now?: number) =>
    tryCode(attempts, address, euicc(name, live), now);
  for (let i = 0; i < 3; i++) assert.equal(tried('guessing', '203.0.113.1'), 'checked');
  for (let i = 0; i < 20; i++) assert.equal(tried('guessing', '203.0.113.1'), 'eUICC');
  assert.equal(tried('guessing', '203.0.113.2'), 'eUICC');
  for (let i = 0; i < 3; i++) assert.equal(tried('neighbour', '203.0.113.1'), 'checked');
  assert.equal(tried('guessing', '203.0.113.1', NOW + 20_000), 'checked', 'the limit recovers');
});

test('above the limit of an address everybody there waits, and a /64 is one address', () => {
  const attempts = createCodeAttempts(limits);
  for (let i = 0; i < 10; i++) {
    assert.equal(tryCode(attempts, `2001:db8:1:2::${i}`, euicc(`eUICC ${i}`, live)), 'checked');
    assert.equal(tryCode(attempts, '203.0.113.1', euicc(`other ${i}`, live)), 'checked');
  }
  assert.equal(tryCode(attempts, '2001:db8:1:2:ffff::', euicc('new', live)), 'address');
  assert.equal(tryCode(attempts, '203.0.113.1', euicc('new', live)), 'address');
  assert.equal(tryCode(attempts, '2001:db8:1:3::', euicc('new', live)), 'checked');
});

test('eUICCs under a public CI count by address only, and cannot lock the EID of another eUICC', () => {
  const attempts = createCodeAttempts(limits);
  for (let i = 0; i < 10; i++)
    assert.equal(tryCode(attempts, '203.0.113.1', euicc('same', published)), 'checked');
  assert.equal(tryCode(attempts, '203.0.113.1', euicc('same', published)), 'address');
  const genuine = { ...euicc('same', live), spki: Buffer.from('the genuine key') };
  assert.equal(tryCode(attempts, '203.0.113.2', genuine), 'checked');
  const laterCall = euicc('same'); // the session names no CI any more
  for (let i = 0; i < 5; i++) assert.equal(tryCode(attempts, '203.0.113.3', laterCall), 'checked');
});

test('only wrong codes count, and calls at the same time cannot exceed the limit', () => {
  const attempts = createCodeAttempts(limits);
  for (let i = 0; i < 50; i++) {
    const attempt = attempts.begin('203.0.113.1', NOW);
    attempt.euiccProven(euicc('honest', live));
    attempt.euiccProven(euicc('honest', live)); // decided again, because another call saved first
    attempt.end(i % 2 === 0 ? undefined : otherRefusal);
  }
  let begun = 0;
  for (let i = 0; i < 9; i++) {
    const attempt = attempts.begin('203.0.113.1', NOW);
    try {
      attempt.euiccProven(euicc('parallel', live));
      begun++;
    } catch {}
  }
  assert.equal(begun, 3);
});

test('0 is no limit', () => {
  const attempts = createCodeAttempts({ perEuicc: 0, perAddress: 0, isPublicCi: () => false });
  for (let i = 0; i < 2000; i++)
    assert.equal(tryCode(attempts, '203.0.113.1', euicc('same', live)), 'checked');
});
