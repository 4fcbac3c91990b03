/**
 * Long work takes turns: it runs for a few milliseconds, and then everything else that waits for the process runs first. However much
 * work there is, only one slice of it runs between two looks at the network.
 */

import { connectionsComeFirst } from './rounds.ts';

/** How long a slice of work is. */
export const SLICE_MS = 5;

let endsAt = 0;
let isActive = false;
const waiting: (() => void)[] = [];

/**
 * Call this between two pieces of long work, and await what it returns: nothing while the slice lasts, or a promise that resolves in a
 * later slice. A piece should take a few milliseconds at most.
 */
export function takeTurn(): Promise<void> | undefined {
  if (waiting.length === 0 && performance.now() < endsAt) return undefined;
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (isActive) return;
    isActive = true;
    setImmediate(beginSlice);
  });
}

/** The items, one after the other, for work that takes turns. */
export async function* inTurns<T>(items: Iterable<T>): AsyncGenerator<T, void> {
  for (const item of items) {
    await takeTurn();
    yield item;
  }
}

function beginSlice(): void {
  if (connectionsComeFirst()) return void setImmediate(beginSlice);
  endsAt = performance.now() + SLICE_MS;
  resumeOne();
}

/** Work that is resumed runs as a microtask, and what it resolves likewise; the callback of nextTick runs after all of these. */
function resumeOne(): void {
  waiting.shift()?.();
  queueMicrotask(() => process.nextTick(goOn));
}

function goOn(): void {
  if (waiting.length === 0) isActive = false;
  else if (performance.now() < endsAt) resumeOne();
  else setImmediate(beginSlice);
}
