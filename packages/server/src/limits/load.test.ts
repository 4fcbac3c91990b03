import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLoad, TooMuchError } from './load.ts';
import type { RoundQueue } from './rounds.ts';

const request = (destroyed = false) => ({ destroyed }) as IncomingMessage;
/** A queue in which everything is late, or nothing. */
const queueOf = (isLate: boolean): RoundQueue => ({ enter: (start) => start(isLate) });

test('a request that has waited too long for its turn is too much', () => {
  for (const isLate of [false, true]) {
    const load = createLoad({ waitMs: 50, inProgress: 10, queue: queueOf(isLate) });
    const one = request();
    let started = 0;
    load.whenItsTurn(one, () => started++);
    assert.deepEqual([started, load.isTooMuch(one)], [1, isLate]);
  }
});

test('a request whose client has gone is not started', () => {
  const load = createLoad({ waitMs: 50, inProgress: 10, queue: queueOf(false) });
  load.whenItsTurn(request(true), () => assert.fail());
});

test('requests in progress are limited, and each ends once', () => {
  const load = createLoad({ waitMs: 50, inProgress: 2, queue: queueOf(false) });
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

test('a few pieces of long work are done at the same time, and what waits too long is refused', async () => {
  const load = createLoad({ waitMs: 50, inProgress: 100, queue: queueOf(false) });
  let [running, most] = [0, 0];
  const work = async (ms: number) => {
    most = Math.max(most, ++running);
    await sleep(ms);
    running--;
  };
  await Promise.all(Array.from({ length: 40 }, () => load.long(() => work(1))));
  assert.equal(most, 16);
  const ends = await Promise.allSettled(Array.from({ length: 40 }, () => load.long(() => work(80))));
  assert.deepEqual(
    [16, 24],
    ['fulfilled', 'rejected'].map((end) => ends.filter(({ status }) => status === end).length),
  );
  assert.ok(ends.every((end) => end.status === 'fulfilled' || end.reason instanceof TooMuchError));
  await assert.rejects(
    load.long(() => assert.fail('it failed')),
    /it failed/,
  );
  assert.equal(await load.long(() => 7), 7);
});
