import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ImportError } from './row.ts';

/** Octets that a file may have once unpacked: gzip makes a thousand of one. */
export const MOST_UNPACKED = 2_000_000_000;

export function isGzip(beginning: Uint8Array): boolean {
  return beginning[0] === 0x1f && beginning[1] === 0x8b;
}

/** What a gzip file (RFC 1952) contains, piece by piece. Throws an ImportError if it is damaged, cut off or too large. */
export async function* unpacked(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const done = pipeline(Readable.from(pieces), gunzip);
  done.catch(() => undefined); // the loop below gets the same error
  let length = 0;
  try {
    for await (const piece of gunzip as AsyncIterable<Uint8Array>) {
      length += piece.length;
      if (length > MOST_UNPACKED)
        throw new ImportError(`unpacked, the file has more than ${MOST_UNPACKED} bytes: send it in parts`);
      yield piece;
    }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!code.startsWith('Z_')) throw error;
    throw new ImportError('the gzip file is cut off, or damaged: compress it again');
  }
}
