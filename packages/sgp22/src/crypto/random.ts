import { randomFillSync } from 'node:crypto';

/** A source of random bytes. It comes in as an argument wherever chance is needed, so that a session replays. */
export type Random = (length: number) => Uint8Array;

/** Drawn ahead: asking the generator costs as much for one byte as for thousands. */
const ahead = new Uint8Array(4096);
let at = ahead.length;

/** The operating system's generator. No byte is handed out twice, and none stays behind. */
export const systemRandom: Random = (length) => {
  if (length > ahead.length) return randomFillSync(new Uint8Array(length));
  if (at + length > ahead.length) {
    randomFillSync(ahead);
    at = 0;
  }
  const drawn = ahead.slice(at, at + length);
  ahead.fill(0, at, at + length);
  at += length;
  return drawn;
};
