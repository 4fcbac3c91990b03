import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBuckets } from './buckets.ts';

test('a bucket gives what is in it at once, and is filled again by the minute', () => {
  const { take } = createBuckets(6);
  const now = 1_700_000_000_000;
  for (let i = 0; i < 6; i++) assert.equal(take('a', now), 0);
  assert.equal(take('a', now), 10);
  assert.equal(take('a', now + 9_000), 1);
  assert.equal(take('a', now + 10_000), 0);
  assert.equal(take('b', now), 0, 'others have their own');
  assert.equal(take('a', now - 60_000), 10, 'a clock that goes back gives nothing');
});

test('a token can be given back, but a bucket never has more than it can hold', () => {
  const { take, giveBack } = createBuckets(2);
  take('a', 0);
  take('a', 0);
  giveBack('a');
  assert.deepEqual([take('a', 0), take('a', 0)], [0, 30]);
  for (let i = 0; i < 5; i++) giveBack('a');
  assert.deepEqual([take('a', 0), take('a', 0), take('a', 0)], [0, 0, 30]);
  giveBack('unknown');
});

test('no limit is no limit, and memory is bounded by forgetting', () => {
  const none = createBuckets(0);
  for (let i = 0; i < 100; i++) assert.equal(none.take('a', 0), 0);
  const { take, wait } = createBuckets(1);
  take('first', 0);
  assert.notEqual(wait('first', 0), 0);
  for (let i = 0; i < 10_001; i++) take(`name ${i}`, 0);
  assert.equal(wait('first', 0), 0);
});
