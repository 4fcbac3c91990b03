import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpstreamOperation } from '@esim-rsp/sdk';
import { adviceFor } from './operation-text.ts';

const operation: UpstreamOperation = {
  id: 'op_019c9b1e5d4007070707070707070707',
  upstream: 'vendor',
  operation: 'order',
  state: 'unknown',
  call: 'downloadOrder',
  attempts: 1,
  requested_at: '2026-11-29T19:01:55.488Z',
};

test('an operation that stays unknown says how to settle it, and one that waits how to try it again', () => {
  assert.match(adviceFor(operation) ?? '', /esim operation settle op_\w+ --outcome done --iccid ICCID'/);
  const named = { ...operation, iccid: '8988201000000000011' };
  assert.match(adviceFor(named) ?? '', /settle op_\w+ --outcome done', or/);
  assert.equal(adviceFor({ ...named, next_attempt_at: '2026-11-29T19:02:00.000Z' }), undefined);
  assert.equal(adviceFor({ ...operation, state: 'done' }), undefined);
  const waiting = { ...operation, state: 'waiting', next_attempt_at: '2026-11-29T19:02:00.000Z' } as const;
  assert.match(
    adviceFor(waiting) ?? '',
    /again at 2026-11-29T19:02:00\.000Z; .* 'esim operation retry op_\w+'/,
  );
  assert.equal(adviceFor({ ...waiting, attempts: 0 }), undefined);
});
