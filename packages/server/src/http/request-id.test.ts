import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestIdOf, traceIdOf } from './request-id.ts';

test('a request keeps its x-request-id if it is well-formed and not too long, and gets a new one otherwise', () => {
  for (const id of ['r-1', 'a'.repeat(128), 'Root=1-67891233-abcdef012345678912345678'])
    assert.equal(requestIdOf(id), id);
  for (const id of [undefined, '', 'a'.repeat(129), 'a b', 'a\n', '{"a":1}', 'ä', ['a', 'b']])
    assert.match(requestIdOf(id), /^[0-9a-f-]{36}$/);
});

test('the id of a trace is that of a well-formed traceparent', () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  assert.deepEqual(traceIdOf({ traceparent: `00-${trace}-00f067aa0ba902b7-01` }), { trace_id: trace });
  for (const traceparent of [undefined, '', `00-${trace}`]) assert.deepEqual(traceIdOf({ traceparent }), {});
});
