import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTraceparent, writeTraceparent } from './traceparent.ts';

const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];

test('traceparent is read as W3C Trace Context specifies it', () => {
  for (const [header, traceFlags] of [
    [`00-${traceId}-${spanId}-01`, 1],
    [`00-${traceId}-${spanId}-00`, 0],
    [`00-${traceId}-${spanId}-03`, 1],
    [`cc-${traceId}-${spanId}-01-later`, 1],
  ] as const)
    assert.deepEqual(readTraceparent(header), { traceId, spanId, traceFlags }, header);
  for (const header of [
    undefined,
    '',
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}-01\n`,
    `0-${traceId}-${spanId}-01`,
    `cc-${traceId}-${spanId}-01-${'x'.repeat(300)}`,
    [`00-${traceId}-${spanId}-01`],
  ])
    assert.equal(readTraceparent(header), undefined, String(header));
});

test('what is written is read as the same', () => {
  for (const traceFlags of [0, 1])
    assert.deepEqual(readTraceparent(writeTraceparent({ traceId, spanId, traceFlags })), {
      traceId,
      spanId,
      traceFlags,
    });
});
