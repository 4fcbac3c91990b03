import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Target } from './attack.ts';

/** How much longer than without load the longest answer may take. */
const MARGIN_MS = 50;
const QUIET_MS = 1500;
/** Other programs on the machine delay answers too, which is only partly discounted: what happens each time is the server's. In test:all other suites run at the same time. */
const TRIES = 8;

/** Milliseconds of the longest answer to a health request, without and with the work. */
export type Delays = { readonly quiet: number; readonly loaded: number };

/** Rejects if health requests, sent every 10 ms without waiting for answers, wait during the work. */
export async function mustStayResponsive(target: Target, work: () => Promise<unknown>): Promise<void> {
  const tries: Delays[] = [];
  while (tries.length < TRIES) {
    const delays = await delaysOf(target, work);
    tries.push(delays);
    if (delays.loaded <= delays.quiet + MARGIN_MS) break;
  }
  const text = tries.map(
    ({ quiet, loaded }) => `${loaded.toFixed()} ms (without load ${quiet.toFixed()} ms)`,
  );
  console.log(`  longest answer: ${text.join('; ')}`);
  const last = tries.at(-1) as Delays;
  assert.ok(last.loaded <= last.quiet + MARGIN_MS, `health requests waited ${text.join('; ')}`);
}

async function delaysOf({ restUrl: url, pid }: Target, work: () => Promise<unknown>): Promise<Delays> {
  const pings = new Worker(new URL('health-pings.worker.ts', import.meta.url), {
    workerData: { url, pid },
  });
  try {
    await once(pings, 'online');
    await sleep(500); // connections are made, code is compiled
    await longestIn(pings);
    await sleep(QUIET_MS);
    const quiet = await longestIn(pings);
    await work();
    return { quiet, loaded: await longestIn(pings) };
  } finally {
    await pings.terminate();
  }
}

async function longestIn(pings: Worker): Promise<number> {
  const answer = once(pings, 'message');
  pings.postMessage('next');
  const [{ longest, failure }] = (await answer) as [{ longest: number; failure?: string }];
  assert.equal(failure, undefined);
  return longest;
}
