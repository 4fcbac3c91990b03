import { randomFillSync } from 'node:crypto';

/** A source of random bytes. Functions get it as an argument, so that a session can be replayed. */
export type Random = (length: number) => Uint8Array;

/** Random bytes in reserve: a call of the generator takes as long for one byte as for thousands. */
const pool = new Uint8Array(4096);
let at = pool.length;

/** The random generator of the operating system. Each byte is used once and then erased from the reserve. */
export const systemRandom: Random = (length) => {
  if (length > pool.length) return randomFillSync(new Uint8Array(length));
  if (at + length > pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  const bytes = pool.slice(at, at + length);
  pool.fill(0, at, at + length);
  at += length;
  return bytes;
};
