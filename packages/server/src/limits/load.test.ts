import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { createLoad } from './load.ts';
import type { Lane } from './rounds.ts';

const request = (destroyed = false) => ({ destroyed }) as IncomingMessage;
/** A lane in which everything waits for this time. */
const laneOf = (waitedMs: number): Lane => ({ enter: (begin) => begin(waitedMs) });

test('a request that has waited too long for its turn is too much', () => {
  for (const [waited, isTooMuch] of [
    [100, false],
    [101, true],
  ] as const) {
    const load = createLoad({ waitMs: 100, inProgress: 10, lane: laneOf(waited) });
    const one = request();
    let begun = 0;
    load.whenItsTurn(one, () => begun++);
    assert.deepEqual([begun, load.isTooMuch(one)], [1, isTooMuch]);
  }
});

test('a request whose client has gone is not begun', () => {
  const load = createLoad({ waitMs: 100, inProgress: 10, lane: laneOf(0) });
  load.whenItsTurn(request(true), () => assert.fail());
});

test('requests in progress are limited, and each ends once', () => {
  const load = createLoad({ waitMs: 1e9, inProgress: 2, lane: laneOf(0) });
  const isTooMuch = () => {
    const one = request();
    load.whenItsTurn(one, () => undefined);
    return load.isTooMuch(one);
  };
  const [end] = [load.enter(), load.enter()];
  assert.equal(isTooMuch(), true);
  end();
  end();
  assert.equal(isTooMuch(), false);
  load.enter();
  assert.equal(isTooMuch(), true);
});
