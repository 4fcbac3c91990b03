import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, inspect } from 'node:util';
import { importOneTimeKey } from './ecka.ts';
import { makeUnprintable } from './secret.ts';

test('a secret object shows its name, wherever it is printed from, and still has its members', () => {
  const secret = makeUnprintable('Pin', { digits: '2468' });
  const around = { id: 7, secret };
  for (const text of [
    inspect(secret),
    inspect(around),
    JSON.stringify(around),
    format('%j %o', secret, around),
  ])
    assert.ok(text.includes('[Pin]') && !text.includes('2468'), text);
  assert.equal(secret.digits, '2468');
  assert.deepEqual(Object.keys(secret), ['digits']);
});

test('a one-time key does not show its scalar', () => {
  const key = importOneTimeKey('P-256', new Uint8Array(32).fill(0x5a));
  assert.equal(inspect(key), '[OneTimeKey]');
  assert.equal(JSON.stringify({ key }), '{"key":"[OneTimeKey]"}');
});
