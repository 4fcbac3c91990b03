import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '@esim-rsp/codec';
import { sessionDetails } from '@esim-rsp/server/rest/events/download-attempt';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseTransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import { es9Checks } from '@esim-rsp/smdp/es9/functions';
import type { JournalEntry } from '@esim-rsp/smdp/state/journal';
import type { Session } from '@esim-rsp/smdp/state/session';
import { sessionText } from './text.ts';

type Entry = JournalEntry;
const textOf = (session: Session): string => sessionText(sessionDetails(session));

/** A session with one call. */
function sessionOf(entry: Omit<Entry, 'at'>): Session {
  return {
    stage: 'refused',
    transactionId: parseTransactionId('00112233445566778899AABBCCDDEEFF'),
    smdpCiPKId: fromHex('00'),
    expiresAt: 0,
    version: 1,
    eid: parseEid('89049032000000000000000000000163'),
    journal: [{ at: 0, ...entry }],
  };
}

const unknown = {
  subjectCode: '8.10.1',
  reasonCode: '3.9',
  message: 'no such transaction is open',
} as const;

/** The checks of the one call by their outcome. */
function outcomes(entry: Omit<Entry, 'at'>, outcome: 'passed' | 'refused' | 'not_reached'): string[] {
  const [call] = sessionDetails(sessionOf(entry)).calls;
  return (call?.checks ?? []).filter((one) => one.outcome === outcome).map(({ check }) => check);
}

test('of two checks with one status code, the one that refused is shown as refused', () => {
  const entry = { function: 'authenticateClient', refused: unknown, check: 'sameTransaction' };
  assert.deepEqual(outcomes(entry, 'passed'), ['the transaction is open', 'the eUICC accepts us']);
  assert.deepEqual(outcomes(entry, 'refused'), ['the eUICC signed the same transaction']);
  assert.match(
    textOf(sessionOf(entry)),
    / {2}✓ the transaction is open\n {2}✓ the eUICC accepts us\n {2}✗ the eUICC signed the same transaction\n {4}the EUM/,
  );
});

test('only the checks before the one that refused are shown as passed, whichever it is', () => {
  for (const [name, checks] of Object.entries(es9Checks))
    for (const [i, key] of Object.keys(checks).entries()) {
      const entry = { function: name, refused: unknown, check: key };
      assert.deepEqual(outcomes(entry, 'passed'), Object.values(checks).slice(0, i));
      assert.deepEqual(outcomes(entry, 'refused'), [Object.values(checks)[i]]);
      assert.deepEqual(outcomes(entry, 'not_reached'), Object.values(checks).slice(i + 1));
    }
});

test('an accepted call that ended early shows no check as passed that it did not make', () => {
  const entry = { function: 'cancelSession', check: 'orderKept' };
  assert.deepEqual(outcomes(entry, 'passed'), [
    'the transaction is open',
    'the order of the session was not cancelled',
  ]);
  assert.deepEqual(outcomes(entry, 'refused'), []);
  assert.equal(outcomes({ function: 'cancelSession', check: 'oidRight' }, 'not_reached').length, 0);
});

test('a check that was not made, because there was nothing to check, is not shown as passed', () => {
  const notMade = ['codeAttemptsLeft', 'codeSent', 'codeRight'];
  const entry = { function: 'getBoundProfilePackage', check: 'keyValid', notMade };
  assert.equal(outcomes(entry, 'passed').length, Object.keys(es9Checks.getBoundProfilePackage).length - 3);
  const text = textOf(sessionOf(entry));
  assert.match(
    text,
    / {2}✓ the order has not expired\n {2}- attempts .*\n {2}- a confirmation code was sent/,
  );
});

test('a message that came and changed nothing says so', () => {
  const text = textOf(sessionOf({ function: 'handleNotification', ignored: unknown }));
  assert.match(text, /handleNotification {2}acknowledged, without effect: 8\.10\.1\/3\.9: no such/);
});

test('an entry that was written before checks had keys is shown, without its checks', () => {
  for (const entry of [
    { function: 'authenticateClient', refused: unknown, check: 'transactionIdUnknown' },
    { function: 'getBoundProfilePackage', refused: unknown },
  ]) {
    const text = textOf(sessionOf(entry));
    assert.ok(text.includes(`${entry.function}  refused 8.10.1/3.9: no such transaction is open`), text);
    assert.doesNotMatch(text, /[✓✗]/);
  }
  const accepted = textOf(sessionOf({ function: 'cancelSession' }));
  assert.match(accepted, /cancelSession {2}accepted$/);
});
