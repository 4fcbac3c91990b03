import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Delivery } from '../store/ports/outbox.ts';
import { GIVE_UP_AFTER_MS, settleAttempt } from './settle.ts';
import { canStartWorker, newTargetQueue, recordFailure, recordSuccess } from './target-queue.ts';

const NOW = 1_700_000_000_000;
const delivery = { attempts: 1, createdAt: NOW, nextAttemptAt: NOW } as Delivery;
const refused = { state: 'refused', error: 'answered 500', status: 500 } as const;

test('what failed is tried again, ever later, with at most a quarter of an hour and some spread between', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 99].map(
    (attempts) => (settleAttempt({ ...delivery, attempts }, refused, NOW, 0).nextAttemptAt - NOW) / 1000,
  );
  assert.deepEqual(pauses, [1, 3, 10, 30, 120, 300, 900, 900, 900]);
  const spread = settleAttempt({ ...delivery, attempts: 9 }, refused, NOW, 1).nextAttemptAt - NOW;
  assert.equal(spread, 1_125_000);
});

test('a target that wants to be left alone is, for an hour at most', () => {
  const after = (retryAfter: number) =>
    (settleAttempt(delivery, { ...refused, retryAfter }, NOW, 0).nextAttemptAt - NOW) / 1000;
  assert.deepEqual([after(0), after(60), after(99_999)], [1, 60, 3600]);
});

test('after three days it is given up, with the last error', () => {
  const late = NOW + GIVE_UP_AFTER_MS;
  assert.equal(settleAttempt(delivery, refused, late - 1000, 0).state, 'pending');
  const last = settleAttempt(delivery, refused, late - 999, 0);
  assert.deepEqual([last.state, last.lastStatus, last.lastError], ['failed', 500, 'answered 500']);
});

test('a target in trouble is asked one at a time and ever more rarely, and comes back at once', () => {
  const lane = { ...newTargetQueue(), workers: 7 };
  for (let i = 0; i < 2; i++) recordFailure(lane, NOW);
  assert.equal(canStartWorker(lane, NOW), true);
  recordFailure(lane, NOW);
  assert.equal(canStartWorker(lane, NOW + 1000), false);
  assert.equal(canStartWorker({ ...lane, workers: 0 }, NOW + 999), false);
  assert.equal(canStartWorker({ ...lane, workers: 0 }, NOW + 1000), true);
  for (let i = 0; i < 99; i++) recordFailure(lane, NOW);
  assert.equal(lane.pausedUntil, NOW + 60_000);
  assert.equal(recordSuccess(lane), true);
  assert.equal(canStartWorker(lane, NOW), true);
  assert.equal(recordSuccess(lane), false);
});

test('a target that answers slowly gets one attempt at a time and as much pause as it takes, until it is quick again', () => {
  const queue = { ...newTargetQueue(), workers: 1 };
  for (let i = 0; i < 3; i++) assert.equal(recordSuccess(queue, NOW, 5000), false);
  assert.equal(canStartWorker(queue, NOW + 5000), false);
  assert.equal(canStartWorker({ ...queue, workers: 0 }, NOW + 4999), false);
  assert.equal(canStartWorker({ ...queue, workers: 0 }, NOW + 5000), true);
  assert.equal(recordSuccess(queue, NOW, 2000), true);
  assert.equal(canStartWorker(queue, NOW), true);
});

test('a target that asks for a pause gets it for all its deliveries, an hour at most, whatever else succeeds', () => {
  const queue = newTargetQueue();
  recordFailure(queue, NOW, 30);
  recordSuccess(queue, NOW, 10);
  assert.equal(canStartWorker(queue, NOW + 29_999), false);
  assert.equal(canStartWorker(queue, NOW + 30_000), true);
  recordFailure(queue, NOW, 1_000_000);
  assert.equal(queue.closedUntil, NOW + 3_600_000);
});
