import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLoad } from './load.ts';

test('requests that arrive together are accepted until the time for waiting is over, and those of the next round again', () => {
  let time = 0;
  let endRound = () => {};
  const afterArrivals = (done: () => void) => {
    endRound = done;
  };
  const load = createLoad({ waitMs: 100, inProgress: 1000, now: () => time, afterArrivals });
  const round = () =>
    Array.from({ length: 10 }, () => {
      const isRefused = load.isOverloaded();
      if (!isRefused) time += 30;
      return isRefused;
    }).filter((isRefused) => !isRefused).length;
  assert.equal(round(), 4);
  endRound();
  assert.equal(round(), 4);
});

test('requests in progress are limited, and each ends once', () => {
  const load = createLoad({ waitMs: 1e9, inProgress: 2 });
  const [end] = [load.enter(), load.enter()];
  assert.equal(load.isOverloaded(), true);
  end();
  end();
  assert.equal(load.isOverloaded(), false);
  load.enter();
  assert.equal(load.isOverloaded(), true);
});

test('the rounds are those of the event loop', async () => {
  const load = createLoad({ waitMs: 20, inProgress: 10 });
  assert.equal(load.isOverloaded(), false);
  const until = performance.now() + 25;
  while (performance.now() < until);
  assert.equal(load.isOverloaded(), true);
  await new Promise(setImmediate);
  assert.equal(load.isOverloaded(), false);
});
