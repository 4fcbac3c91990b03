import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSignInAttempts } from './sign-in-attempts.ts';

const begin = (attempts: ReturnType<typeof createSignInAttempts>, address: string, who?: string, now = 0) => {
  const begun = attempts.begin(address, who, now);
  return typeof begun === 'number' ? begun : 'begun';
};

test('an address waits after as many wrong attempts as a minute allows, and others do not', () => {
  const attempts = createSignInAttempts(2);
  assert.deepEqual([begin(attempts, 'a', 'x'), begin(attempts, 'a', 'y')], ['begun', 'begun']);
  assert.equal(begin(attempts, 'a', 'z'), 30);
  assert.equal(begin(attempts, 'b', 'x'), 'begun');
  assert.equal(begin(attempts, 'a', 'z', 30_000), 'begun');
});

test('one address cannot use up what an account has, but many can, and then all wait for it', () => {
  const attempts = createSignInAttempts(2);
  for (let address = 0; address < 5; address++)
    for (let n = 0; n < 2; n++) assert.equal(begin(attempts, `address ${address}`, 'victim'), 'begun');
  assert.equal(begin(attempts, 'another', 'victim'), 6);
  assert.equal(begin(attempts, 'another', 'somebody else'), 'begun');
});

test('an attempt that was right costs nothing', () => {
  const attempts = createSignInAttempts(1);
  for (let n = 0; n < 20; n++) {
    const begun = attempts.begin('a', 'x', 0);
    assert.ok(typeof begun !== 'number');
    begun.succeed();
  }
});

test('0 is no limit', () => {
  const attempts = createSignInAttempts(0);
  for (let n = 0; n < 100; n++) assert.equal(begin(attempts, 'a', 'x'), 'begun');
});
