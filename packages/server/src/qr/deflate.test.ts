import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { array, assert as check, constantFrom, integer, property, record, uint8Array } from 'fast-check';
import { deflateRows, type Rows } from './deflate.ts';

function laidOut(rows: readonly Rows[]): Buffer {
  return Buffer.concat(rows.flatMap(({ bytes, times }) => Array(times).fill(bytes)));
}

test('zlib reads the rows back, whatever stands in them', () => {
  const rows = integer({ min: 3, max: 300 }).chain((length) =>
    array(
      record({
        bytes: uint8Array({ minLength: length, maxLength: length }),
        times: integer({ min: 1, max: 60 }),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  );
  check(property(rows, (given) => assert.deepEqual(inflateSync(deflateRows(given)), laidOut(given))));
});

test('zlib reads runs of every length back', () => {
  const octet = constantFrom(0, 0xff, 0x8f, 0x90);
  const row = array(record({ octet, count: integer({ min: 1, max: 300 }) }), { minLength: 3, maxLength: 9 });
  check(
    property(row, (runs) => {
      const bytes = Buffer.concat(runs.map(({ octet: value, count }) => Buffer.alloc(count, value)));
      assert.deepEqual(inflateSync(deflateRows([{ bytes, times: 2 }])), laidOut([{ bytes, times: 2 }]));
    }),
  );
});

test('rows that repeat cost next to nothing', () => {
  const bytes = Uint8Array.from({ length: 42 }, (_, i) => i * 6);
  const once = deflateRows([{ bytes, times: 1 }]).length;
  assert.ok(deflateRows([{ bytes, times: 40 }]).length - once <= 24);
});
