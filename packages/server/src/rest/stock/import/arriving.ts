import type { Readable } from 'node:stream';
import { ImportError } from './row.ts';

/** A caller who sends nothing for this time has gone. */
const SILENCE_MS = 60_000;

/** The pieces of a body as they arrive. Throws an ImportError when none does for a minute. */
export async function* arriving(body: Readable, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const silent = setTimeout(
    () => body.destroy(new ImportError('nothing has arrived for a minute')),
    SILENCE_MS,
  ).unref(); // it keeps no process alive
  try {
    // The rest is not destroyed: that would end the connection, and the answer with it
    const pieces: AsyncIterable<Uint8Array> = body.iterator({ destroyOnReturn: false });
    for await (const piece of pieces) {
      count(piece.length);
      yield piece;
      silent.refresh();
    }
  } finally {
    clearTimeout(silent);
  }
}
