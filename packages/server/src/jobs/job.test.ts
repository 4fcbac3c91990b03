import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { currentScope } from '../log/scope.ts';
import { startJob } from './job.ts';

test('runs come one after the other, in the scope of the job, and stopping waits for the current one', async () => {
  let [begun, ended] = [0, 0];
  const { promise: third, resolve: beginThird } = Promise.withResolvers<void>();
  const stop = startJob('example', { everyMs: 60_000 }, async (stopping) => {
    assert.equal(currentScope()?.job, 'example');
    assert.equal(begun, ended);
    begun += 1;
    if (begun === 3) {
      beginThird();
      while (!stopping.aborted) await nextTurn();
    }
    ended += 1;
    return 1; // a run can ask for the next one sooner
  });
  await third;
  await stop();
  assert.deepEqual([begun, ended], [3, 3]);
  await nextTurn();
  assert.equal(begun, 3);
});

test('a delayed job does not run before its first interval, and can be stopped before it', async () => {
  let runs = 0;
  const run = async () => {
    runs += 1;
  };
  const stop = startJob('example', { everyMs: 60_000, isDelayed: true }, run);
  await nextTurn();
  await stop();
  assert.equal(runs, 0);
});
