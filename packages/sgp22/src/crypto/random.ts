import { randomFillSync } from 'node:crypto';

/** A source of random bytes. It comes in as an argument wherever chance is needed, so that a session replays. */
export type Random = (length: number) => Uint8Array;

/** The operating system's generator. */
export const systemRandom: Random = (length) => randomFillSync(new Uint8Array(length));
