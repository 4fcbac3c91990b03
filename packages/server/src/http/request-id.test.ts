import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestIdOf, traceIdOf } from './request-id.ts';

test('a request keeps its x-request-id if it is well-formed and not too long, and gets a new one otherwise', () => {
  for (const id of ['r-1', 'a'.repeat(128), 'Root=1-67891233-abcdef012345678912345678'])
    assert.equal(requestIdOf(id), id);
  for (const id of [undefined, '', 'a'.repeat(129), 'a b', 'a\n', '{"a":1}', 'ä', ['a', 'b']])
    assert.match(requestIdOf(id), /^[0-9a-f-]{36}$/);
});

test('traceparent is read as W3C Trace Context specifies it', () => {
  const [trace, span] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
  for (const traceparent of [
    `00-${trace}-${span}-01`,
    `00-${trace}-${span}-00`,
    `cc-${trace}-${span}-01-later`,
  ])
    assert.deepEqual(traceIdOf({ traceparent }), { trace_id: trace }, traceparent);
  for (const traceparent of [
    undefined,
    '',
    `00-${trace}-${span}`,
    `00-${trace}-${span}-01-more`,
    `ff-${trace}-${span}-01`,
    `00-${'0'.repeat(32)}-${span}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `00-${trace.toUpperCase()}-${span}-01`,
    `00-${trace}-${span}-01\n`,
    `0-${trace}-${span}-01`,
  ])
    assert.deepEqual(traceIdOf({ traceparent }), {}, String(traceparent));
});
