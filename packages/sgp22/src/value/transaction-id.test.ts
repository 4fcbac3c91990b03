import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { systemRandom } from '../crypto/random.ts';
import { generateTransactionId, parseTransactionId, transactionIdFromBytes } from './transaction-id.ts';

const moments = fc.integer({ min: 0, max: 2 ** 48 - 1 });

test('a TransactionID is 16 octets that begin with the time', () => {
  const drawn = generateTransactionId(0x0123_4567_89ab, (length) => new Uint8Array(length).fill(0xee));
  assert.equal(transactionIdFromBytes(drawn), '0123456789ABEEEEEEEEEEEEEEEEEEEE');
});

test('later TransactionIDs sort after earlier ones, as text too', () => {
  fc.assert(
    fc.property(moments, moments, (one, other) => {
      fc.pre(one < other);
      const id = (now: number) => transactionIdFromBytes(generateTransactionId(now, systemRandom));
      assert.ok(id(one) < id(other));
    }),
  );
});

test('two of the same millisecond differ', () => {
  assert.notDeepEqual(generateTransactionId(1, systemRandom), generateTransactionId(1, systemRandom));
});

test('any case is read, and upper case is given', () => {
  assert.equal(parseTransactionId('aB'), 'AB');
  for (const wrong of ['', 'A', 'GG', '00'.repeat(17)])
    assert.throws(() => parseTransactionId(wrong), /2 to 32 hex digits/);
});
