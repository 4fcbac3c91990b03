import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relative } from './time-words.ts';

const now = new Date('2026-03-01T12:00:00Z');
const after = (seconds: number) => relative(new Date(now.getTime() + seconds * 1000), now, 'en');

test('what is to come is rounded: three days less some seconds are three days', () => {
  const DAY = 86_400;
  assert.deepEqual([3 * DAY - 2, 3 * DAY, 2 * DAY + 1, 1.6 * DAY, DAY / 2, 3_600, 90, 59, 0].map(after), [
    'in 3 days',
    'in 3 days',
    'in 2 days',
    'in 2 days',
    'in 12 hr.',
    'in 1 hr.',
    'in 2 min.',
    'in 59 sec.',
    'now',
  ]);
});

test('what is past has passed in full, and far away is a date', () => {
  assert.deepEqual([-59, -119, -3_599, -2 * 86_400 + 1, -2 * 86_400].map(after), [
    '59 sec. ago',
    '1 min. ago',
    '59 min. ago',
    'yesterday',
    '2 days ago',
  ]);
  assert.match(after(15 * 86_400), /Mar 16, 2026/);
  assert.match(after(-15 * 86_400), /Feb 14, 2026/);
});
