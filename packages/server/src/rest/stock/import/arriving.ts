import type { Readable } from 'node:stream';
import { ImportError } from './row.ts';

/** A caller who sends nothing for this time has gone. */
const SILENCE_MS = 60_000;
/** After the first minute, the time that the server has waited allows for this rate at least: a byte now and then keeps nothing open. */
const SLOWEST_BYTES_PER_SECOND = 200;
/** The longest import: a million rows take a few minutes. */
const LONGEST_MS = 3_600_000;

/**
 * The pieces of a body as they arrive. Throws an ImportError for a caller who sends nothing for a minute, or very little for longer, and
 * after an hour. The time that the server needs for a piece is not the caller's.
 */
export async function* arriving(body: Readable, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const beganAt = Date.now();
  let waited = 0;
  let bytes = 0;
  // The rest is not destroyed: that would end the connection, and the answer with it
  const pieces: AsyncIterator<Uint8Array> = body.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
  try {
    for (;;) {
      const allowance = SILENCE_MS + (bytes / SLOWEST_BYTES_PER_SECOND) * 1000 - waited;
      const limit = Math.min(SILENCE_MS, allowance, beganAt + LONGEST_MS - Date.now());
      const waitsSince = Date.now();
      const { done, value } = await within(limit, pieces.next());
      if (done) return;
      waited += Date.now() - waitsSince;
      bytes += value.length;
      count(value.length);
      yield value;
    }
  } finally {
    void pieces.return?.(); // not awaited: it would wait for a caller who sends nothing
    body.resume(); // a caller who is still sending gets to the answer
  }
}

/** What `next` resolves to. Throws an ImportError if that takes longer than `limit` milliseconds. */
async function within<T>(limit: number, next: Promise<T>): Promise<T> {
  next.catch(() => undefined); // when it comes too late
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    late = setTimeout(() => reject(new ImportError(reasonFor(limit))), limit).unref(); // it keeps no process alive
  });
  try {
    return await Promise.race([next, tooLate]);
  } finally {
    clearTimeout(late);
  }
}

function reasonFor(limit: number): string {
  return limit === SILENCE_MS
    ? 'nothing has arrived for a minute'
    : 'the body arrives too slowly, or takes longer than an hour: send it in parts';
}
