import { randomFillSync } from 'node:crypto';

/** A source of random bytes. It comes in as an argument wherever chance is needed, so that a session replays. */
export type Random = (length: number) => Uint8Array;

/** Drawn ahead: asking the generator costs as much for one byte as for thousands. */
const pool = new Uint8Array(4096);
let at = pool.length;

/** The operating system's generator. No byte is handed out twice, and none stays behind. */
export const systemRandom: Random = (length) => {
  if (length > pool.length) return randomFillSync(new Uint8Array(length));
  if (at + length > pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  const drawn = pool.slice(at, at + length);
  pool.fill(0, at, at + length);
  at += length;
  return drawn;
};
