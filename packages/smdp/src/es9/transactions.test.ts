import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '@esim-rsp/codec';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { parseTransactionId, transactionIdFromBytes } from '@esim-rsp/sgp22/value/transaction-id';
import fc from 'fast-check';
import { createTransactions, type TransactionParts } from './transactions.ts';

const NOW = Date.UTC(2030, 0, 15, 12);
const [ci, otherCi, longCi] = [1, 2, 3].map((fill) => new Uint8Array(fill === 3 ? 64 : 20).fill(fill)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const parts: TransactionParts = {
  secretAt: () => new Uint8Array(32).fill(6),
  random: systemRandom,
  smdpAddress: 'rsp.example.com',
  smdpCiPKIds: [ci, otherCi],
  trustedCiPKIds: [ci, otherCi, longCi],
  sessionSeconds: 300,
};
const chosen = { smdpCiPKId: otherCi, euiccCiPKIdToBeUsed: longCi };
const ours = createTransactions(parts);
const moments = fc.integer({ min: 0, max: 2 ** 48 - 1 });

test('a transaction is recognized by everybody with the secret, with its challenge and the CIs that were chosen', () => {
  const opened = ours.open(chosen, NOW);
  assert.deepEqual(createTransactions(parts).find(opened.transactionId, NOW + 1), opened);
  assert.deepEqual([opened.smdpCiPKId, opened.euiccCiPKIdToBeUsed], [otherCi, longCi]);
  assert.deepEqual([opened.openedAt, opened.expiresAt], [NOW, NOW + 300_000]);
  assert.equal(opened.serverChallenge.length, 16);
});

test('a TransactionID has 16 octets that begin with the time', () => {
  const { transactionId } = ours.open(chosen, 0x0123_4567_89ab);
  assert.match(transactionId, /^0123456789AB0102[0-9A-F]{16}$/);
});

test('later TransactionIDs sort after earlier ones, as text too', () => {
  fc.assert(
    fc.property(moments, moments, (one, other) => {
      fc.pre(one < other);
      assert.ok(ours.open(chosen, one).transactionId < ours.open(chosen, other).transactionId);
    }),
  );
});

test('two transactions of one millisecond have different identifiers and challenges', () => {
  const [one, other] = [ours.open(chosen, NOW), ours.open(chosen, NOW)];
  assert.notEqual(one.transactionId, other.transactionId);
  assert.notDeepEqual(one.serverChallenge, other.serverChallenge);
});

test('the challenge is not a part of the identifier, and changes with every input of the derivation', () => {
  const random = (length: number) => new Uint8Array(length).fill(9);
  const variants = [
    {},
    { secretAt: () => new Uint8Array(32).fill(7) },
    { smdpAddress: 'rsp.example.org' },
    { smdpCiPKIds: [ci, longCi], smdpCiPKId: longCi },
    { trustedCiPKIds: [ci, otherCi, otherCi.map(() => 4)], euiccCiPKIdToBeUsed: otherCi.map(() => 4) },
  ].map((change) => createTransactions({ ...parts, random, ...change }).open({ ...chosen, ...change }, NOW));
  const challenges = variants.map(({ serverChallenge }) => toHex(serverChallenge));
  assert.equal(new Set(challenges).size, variants.length);
  for (const [i, { transactionId }] of variants.entries())
    assert.ok(!transactionId.includes((challenges[i] as string).slice(0, 8).toUpperCase()));
});

test('a transaction is unknown from the moment on when it expires', () => {
  const { transactionId, expiresAt } = ours.open(chosen, NOW);
  assert.ok(ours.find(transactionId, expiresAt - 1));
  assert.equal(ours.find(transactionId, expiresAt), undefined);
});

test('an identifier with any bit changed is unknown', () => {
  const { transactionId } = ours.open(chosen, NOW);
  fc.assert(
    fc.property(fc.nat(127), (bit) => {
      const bytes = fromHex(transactionId);
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      assert.equal(ours.find(transactionIdFromBytes(bytes), NOW), undefined);
    }),
    { numRuns: 300 },
  );
});

for (const [what, change] of [
  ['another secret', { secretAt: () => new Uint8Array(32).fill(7) }],
  ['a secret that is gone', { secretAt: () => undefined }],
  ['another address', { smdpAddress: 'rsp.example.org' }],
  ['another CI at the position of the one that was chosen', { trustedCiPKIds: [ci, otherCi, otherCi] }],
  ['other certificates', { smdpCiPKIds: [otherCi, ci] }],
  ['certificates that were removed', { smdpCiPKIds: [ci] }],
  ['longer sessions', { sessionSeconds: 86_400 }],
] as const)
  test(`a server with ${what} does not know the transaction`, () => {
    const { transactionId } = ours.open(chosen, NOW);
    assert.equal(createTransactions({ ...parts, ...change }).find(transactionId, NOW), undefined);
  });

test('the address may be written in another case', () => {
  const { transactionId } = ours.open(chosen, NOW);
  const later = createTransactions({ ...parts, smdpAddress: 'RSP.example.com' });
  assert.ok(later.find(transactionId, NOW));
});

test('the secret is the one that was in force when the transaction was opened', () => {
  const asked: number[] = [];
  const secretAt = (at: number) => {
    asked.push(at);
    return new Uint8Array(32);
  };
  const { open, find } = createTransactions({ ...parts, secretAt });
  find(open(chosen, NOW).transactionId, NOW + 5000);
  assert.deepEqual(asked, [NOW, NOW]);
});

test('identifiers of other lengths are unknown', () => {
  for (const text of ['00', 'FF'.repeat(15), '0112233445566778']) {
    assert.equal(ours.find(parseTransactionId(text), NOW), undefined);
  }
});

test('a CI that is not known, or more CIs than an octet counts, cannot be used', () => {
  assert.throws(() => ours.open({ ...chosen, smdpCiPKId: longCi }, NOW), RangeError);
  const many = Array.from({ length: 257 }, () => ci);
  assert.throws(() => createTransactions({ ...parts, trustedCiPKIds: many }), RangeError);
});
