import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurns, SLICE_MS, takeTurn } from './turns.ts';

/** Keeps the process busy. */
function work(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

/** The most calls of three runs: on a busy machine another process may take the time of one. */
async function mostCallsDuring(busy: () => Promise<unknown>): Promise<number> {
  const runs = [await callsDuring(busy), await callsDuring(busy), await callsDuring(busy)];
  return Math.max(...runs);
}

/** Calls back as long as `busy` runs, as requests that arrive would, and resolves to the number of calls. */
async function callsDuring(busy: () => Promise<unknown>): Promise<number> {
  let calls = 0;
  let isDone = false;
  const look = () => {
    calls += 1;
    if (!isDone) setImmediate(look);
  };
  setImmediate(look);
  await busy();
  isDone = true;
  return calls;
}

test('long work lets others run every few milliseconds', async () => {
  const calls = await mostCallsDuring(async () => {
    for await (const _ of inTurns(new Array(100))) work(1);
  });
  assert.ok(calls >= 100 / SLICE_MS / 2, `${calls}`);
});

test('much work at once has one slice between two looks at the network, and not one each', async () => {
  const calls = await mostCallsDuring(() =>
    Promise.all(
      Array.from({ length: 40 }, async () => {
        for await (const _ of inTurns(new Array(5))) work(1);
      }),
    ),
  );
  assert.ok(calls >= 200 / SLICE_MS / 2, `${calls}`);
});

test('what follows from a piece of work counts as part of its slice', async () => {
  const later = async () => {
    for (let i = 0; i < 10; i++) await undefined;
    work(1);
  };
  const calls = await mostCallsDuring(() =>
    Promise.all(
      Array.from({ length: 100 }, async () => {
        await takeTurn();
        await later();
      }),
    ),
  );
  assert.ok(calls >= 100 / SLICE_MS / 2, `${calls}`);
});

test('short work goes on in the same slice: it is not slowed down', async () => {
  let waits = 0;
  for (let i = 0; i < 100; i++) {
    const turn = takeTurn();
    if (turn !== undefined) waits += 1;
    await turn;
  }
  assert.ok(waits < 20, `${waits}`);
});
