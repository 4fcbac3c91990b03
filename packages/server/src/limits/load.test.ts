import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { createLoad } from './load.ts';
import type { Lane } from './rounds.ts';

const request = (destroyed = false) => ({ destroyed }) as IncomingMessage;
/** A lane in which everything is late, or nothing. */
const laneOf = (isLate: boolean): Lane => ({ enter: (begin) => begin(isLate) });

test('a request that has waited too long for its turn is too much', () => {
  for (const isLate of [false, true]) {
    const load = createLoad({ inProgress: 10, lane: laneOf(isLate) });
    const one = request();
    let begun = 0;
    load.whenItsTurn(one, () => begun++);
    assert.deepEqual([begun, load.isTooMuch(one)], [1, isLate]);
  }
});

test('a request whose client has gone is not begun', () => {
  const load = createLoad({ inProgress: 10, lane: laneOf(false) });
  load.whenItsTurn(request(true), () => assert.fail());
});

test('requests in progress are limited, and each ends once', () => {
  const load = createLoad({ inProgress: 2, lane: laneOf(false) });
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
