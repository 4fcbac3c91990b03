import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isTime, LAST_YEAR, secondsOf, timeOf, timeOfSeconds } from './time.ts';

test('seconds are written as Date writes them, without the fraction, and read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(LAST_YEAR + 1) / 1000 - 1 }), (seconds) => {
      const time = timeOfSeconds(seconds);
      assert.equal(time, new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'));
      assert.ok(isTime(time));
      assert.equal(secondsOf(time), seconds);
    }),
  );
});

for (const time of ['2030-01-31T18:00:00Z', '2028-02-29T23:59:59.999Z', '2030-01-31T18:00:00+05:30'])
  test(`${time} is a time`, () => assert.ok(isTime(time)));

for (const text of [
  '',
  '2030-01-31',
  '2030-01-31T18:00:00',
  '2030-01-31 18:00:00Z',
  '2030-02-30T00:00:00Z',
  '2030-13-01T00:00:00Z',
  '2030-01-31T25:00:00Z',
  '1893456000',
  'tomorrow',
  '1969-12-31T23:59:59Z',
  '2200-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '2199-12-31T23:59:59-01:00',
])
  test(`${text || 'nothing'} is no time`, () => assert.equal(isTime(text), false));

test('a stored time that no calendar shows is shown as the end of the year 9999', () => {
  for (const time of [Number.MAX_SAFE_INTEGER, 8.64e15, 253_402_300_800])
    assert.equal(timeOfSeconds(time), '9999-12-31T23:59:59Z');
  assert.equal(timeOf(Number.MAX_SAFE_INTEGER), '9999-12-31T23:59:59.999Z');
});
