import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseRetryAfter } from './retry-after.ts';

const NOW = Date.UTC(2026, 10, 28, 12, 0, 0);

test('Retry-After is read as seconds and as each form of an HTTP date', () => {
  const cases: Readonly<Record<string, number | undefined>> = {
    '0': 0,
    '120': 120,
    ' 7 ': 7,
    'Sat, 28 Nov 2026 12:00:30 GMT': 30,
    'Saturday, 28-Nov-26 12:01:00 GMT': 60,
    'Sat Nov 28 12:00:05 2026': 5,
    'Sun Dec  6 12:00:00 2026': 8 * 86_400,
    'Sat, 28 Nov 2026 11:59:00 GMT': 0,
    'Sat, 28 Nov 2026 12:00:30 +0100': undefined,
    'Sat, 99 Nov 2026 12:00:30 GMT': undefined,
    '2026-11-28T12:00:30Z': undefined,
    '1.5': undefined,
    '-1': undefined,
    '1e9': undefined,
    soon: undefined,
    '': undefined,
  };
  for (const [header, seconds] of Object.entries(cases))
    assert.equal(parseRetryAfter(header, NOW), seconds, header);
});

test('every date that JavaScript writes is read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (seconds) => {
      assert.equal(parseRetryAfter(new Date(NOW + seconds * 1000).toUTCString(), NOW), seconds);
    }),
  );
});
