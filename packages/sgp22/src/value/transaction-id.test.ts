import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTransactionId } from './transaction-id.ts';

test('any case is read, and upper case is returned', () => {
  assert.equal(parseTransactionId('aB'), 'AB');
  for (const wrong of ['', 'A', 'GG', '00'.repeat(17)])
    assert.throws(() => parseTransactionId(wrong), /2 to 32 hex digits/);
});
