import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderAnywhere } from './anywhere.ts';
import { retryOperation } from './retryOperation.ts';
import {
  account,
  clock,
  confirmed,
  done,
  down,
  envOf as env,
  iccid,
  inStock,
  lost,
  NOW,
  rulesOf,
  World,
} from './testing/world.harness.ts';

async function ordering(): Promise<World> {
  clock.now = NOW;
  const world = new World(inStock);
  const found = { found: inStock, rules: rulesOf() };
  world.accept(await orderAnywhere.decide({ account, iccid, release: true }, found, env()));
  return world;
}

/** Tries the operation of a world again, and saves it. */
async function retry(world: World) {
  const id = world.operation?.id ?? ('' as never);
  const decision = await retryOperation.decide({ id }, world.operation, env());
  world.save(decision.save);
  return world.operation ?? assert.fail();
}

const refuses = (world: World, pattern: RegExp) =>
  assert.rejects(
    () => retry(world),
    (error: Error) => pattern.test(error.message),
  );

test('an operation that waits is due at once, and then waits as long as after any attempt', async () => {
  const world = await ordering();
  for (let attempt = 0; attempt < 7; attempt++) {
    world.claim();
    await world.end(down);
  }
  const waiting = world.operation ?? assert.fail();
  assert.deepEqual([waiting.state, waiting.nextAttemptAt], ['waiting', NOW + 60_000]);
  clock.now += 5000;
  const due = await retry(world);
  assert.deepEqual(due, { ...waiting, nextAttemptAt: clock.now, version: waiting.version + 1 });
  assert.deepEqual((await retry(world)).nextAttemptAt, due.nextAttemptAt);
  world.claim();
  assert.equal((await world.end(down)).nextAttemptAt, clock.now + 60_000);
});

test('one whose outcome is unknown, and which waits to be looked up again, is due at once too', async () => {
  const world = await ordering();
  world.claim();
  await world.end(lost);
  clock.now += 10;
  const due = await retry(world);
  assert.deepEqual([due.state, due.nextAttemptAt], ['unknown', clock.now]);
});

test('a call in progress is not made a second time, also not the repeat of one that is unknown', async () => {
  const world = await ordering();
  world.claim();
  await refuses(world, /is in progress, and is not made twice: wait/);
  await world.end(lost);
  world.claim();
  assert.equal(world.operation?.state, 'unknown');
  await refuses(world, /is in progress, and is not made twice: wait/);
});

test('what waits for an admin is to be settled, and what has ended is to be requested again', async () => {
  const world = await ordering();
  world.claim();
  await world.end(done);
  await world.end({ kind: 'executed', answer: {} });
  assert.equal(world.operation?.state, 'unknown');
  await refuses(world, /ask the upstream, and settle the operation/);
  const ended = await ordering();
  ended.claim();
  await ended.end(done);
  await ended.end(confirmed());
  assert.equal(ended.operation?.state, 'done');
  await refuses(ended, /has ended, and is not tried again: request it again/);
  await assert.rejects(async () => retryOperation.decide({ id: '' as never }, undefined, env()));
});
