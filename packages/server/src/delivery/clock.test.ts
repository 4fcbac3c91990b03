import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchClock } from './clock.ts';

test('a clock that is set back is noticed once, and one that runs, is corrected or is set forward is not', () => {
  let [now, steady] = [1_000_000, 0];
  const wasSetBack = watchClock({ now: () => now, steady: () => steady });
  const after = (passed: number, shown: number) => {
    steady += passed;
    now += shown;
    return wasSetBack();
  };
  assert.equal(after(250, 250), false);
  assert.equal(after(250, 249), false);
  assert.equal(after(250, 3_600_000), false);
  assert.equal(after(250, -3_600_000), true);
  assert.equal(after(250, 250), false);
});
