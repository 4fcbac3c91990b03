import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Env } from '@esim-rsp/smdp/env';
import type { Operation } from '@esim-rsp/smdp/state/gateway/operation';
import type { TakesBack } from '@esim-rsp/smdp/state/gateway/upstream-rules';
import { someUpstream } from '../store/contract/gateway/upstream.testdata.ts';
import { put, stocked } from '../store/contract/records.harness.ts';
import { faultOf } from '../store/ports/gateway/reservations.ts';
import { openMemoryStore } from '../store/sqlite/memory.harness.ts';
import { startKeepReadyJob } from './keep-ready.ts';

const NOW = 1_800_000_000_000;
const ended = (state: Operation['state'], endedAt: number) =>
  ({
    state,
    endedAt,
    ...(state !== 'done' && { fault: { message: state } }),
  }) as Operation;
const open = { state: 'sent' } as Operation;

test('each failure in a row doubles the pause, up to an hour', () => {
  const after = (failures: number) => {
    const latest = Array.from({ length: failures }, () => ended('refused', NOW));
    const retryAt = faultOf({ latest: [...latest, ended('done', NOW - 1)] })?.retryAt;
    return retryAt === undefined ? undefined : (retryAt - NOW) / 1000;
  };
  assert.deepEqual([0, 1, 2, 3, 11, 12, 16].map(after), [undefined, 2, 4, 8, 2048, 3600, 3600]);
});

test('a good end after failures ends the pause, and an attempt in progress does not', () => {
  assert.equal(faultOf({ latest: [ended('done', NOW), ended('failed', NOW - 1)] }), undefined);
  const running = faultOf({ latest: [open, ended('failed', NOW), ended('done', NOW)] });
  assert.deepEqual(running, { fault: { message: 'failed' }, retryAt: NOW + 2000 });
});

test('an order ahead that cannot be sent shows why, and is repeated by itself', () => {
  const waiting = { state: 'waiting', fault: { message: 'no connection' } } as Operation;
  assert.deepEqual(faultOf({ latest: [waiting, ended('done', NOW)] }), {
    fault: { message: 'no connection' },
  });
  assert.equal(faultOf({ latest: [] }), undefined);
});

/** Of an upstream at which one profile has been ready for ten days, and may be for one. */
async function runWith(takesBack: TakesBack) {
  const store = await openMemoryStore();
  await store.addAccount({ id: 'lab', name: 'lab', createdAt: 1 });
  await store.addUpstream(someUpstream({ dialect: { takesBack } }), 9);
  const names = { account: 'lab', upstream: 'vendor', profileType: 'basic' };
  await store.setUpstreamType({ ...names, vendorType: 'basic', keepReady: 1, batch: 1, readyDays: 1 }, 9);
  const releasedAt = NOW / 1000 - 864_000;
  const theirs = { matchingId: 'aZ-theirs' as MatchingId, releasedAt };
  await put(store, { profile: stocked({ ...names, ready: theirs }) });
  const errors: unknown[] = [];
  const env = () => ({ now: NOW, random: (n: number) => new Uint8Array(n).fill(7) }) as unknown as Env;
  const log = { error: (_message: string, about?: object) => void errors.push(about) };
  const stop = startKeepReadyJob({ store, env, node: 'one', requested: () => undefined, log });
  await stop(); // after the first run
  const operations = await store.operations({ account: 'lab', count: 9 });
  return { errors, kinds: operations.map(({ kind }) => kind) };
}

test('what has been ready for too long is cancelled, unless the upstream takes no orders back', async () => {
  assert.deepEqual(await runWith('until_download'), { errors: [], kinds: ['cancel'] });
  assert.deepEqual(await runWith('never'), { errors: [], kinds: [] });
});
