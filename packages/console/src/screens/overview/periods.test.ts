import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barsOf, countsSince, startOf } from './periods.ts';

const now = new Date(2026, 2, 8, 15, 30);
const period = (day: number, hour: number, succeeded: number, failed = 0) => ({
  starts_at: new Date(2026, 2, day, hour).toISOString(),
  succeeded,
  failed,
});

test('hours are put together to the days of the reader', () => {
  const periods = [period(2, 0, 1), period(2, 23, 0, 2), period(8, 0, 1), period(8, 14, 1)];
  assert.deepEqual(
    barsOf({ periods }, '7d', now).map(({ start, values }) => [start.getDate(), ...values]),
    [
      [2, 1, 2],
      [3, 0, 0],
      [4, 0, 0],
      [5, 0, 0],
      [6, 0, 0],
      [7, 0, 0],
      [8, 2, 0],
    ],
  );
  assert.equal(barsOf({ periods }, '30d', now).length, 30);
});

test('a day has a bar for each hour up to this one', () => {
  const bars = barsOf({ periods: [period(7, 16, 1), period(8, 15, 0, 4)] }, '24h', now);
  assert.deepEqual([startOf('24h', now).getHours(), bars.length], [16, 24]);
  assert.deepEqual(
    [bars[0]?.values, bars.at(-1)?.values],
    [
      [1, 0],
      [0, 4],
    ],
  );
});

test('what ended since a time is counted', () => {
  const periods = [period(7, 10, 3, 1), period(8, 2, 2, 5)];
  assert.deepEqual(countsSince({ periods }, new Date(2026, 2, 8).getTime()), { all: 7, failed: 5 });
});
