import { createLruCache } from './lru-cache.ts';

/** Token buckets by name. A full bucket has one minute's worth of tokens, and refills at that rate. */
export type Buckets = {
  /** Takes one token and returns 0; or takes none and returns the seconds until there is one. */
  take(name: string, now: number): number;
  /** Gives a token back that was taken too early. */
  giveBack(name: string): void;
  /** Takes one token, or one that there is not yet: what is owed makes the wait longer. */
  charge(name: string, now: number): void;
  /** The seconds until there is a token; takes none. */
  wait(name: string, now: number): number;
};

type Bucket = { left: number; at: number };

/** The least recently used names are forgotten: their buckets count as full. */
const MAX_NAMES = 10_000;

/** `perMinute` 0: no limit. Times are Unix milliseconds. */
export function createBuckets(perMinute: number): Buckets {
  if (perMinute === 0)
    return { take: () => 0, giveBack: () => undefined, charge: () => undefined, wait: () => 0 };
  const known = createLruCache<Bucket>(MAX_NAMES);
  const perMs = perMinute / 60_000;
  const refill = (name: string, now: number): Bucket => {
    const bucket = known.get(name);
    if (bucket === undefined) {
      const full = { left: perMinute, at: now };
      known.set(name, full);
      return full;
    }
    bucket.left = Math.min(perMinute, bucket.left + Math.max(0, now - bucket.at) * perMs);
    bucket.at = now;
    return bucket;
  };
  const wait = (name: string, now: number) => {
    const { left } = refill(name, now);
    return left >= 1 ? 0 : Math.ceil((1 - left) / perMs / 1000);
  };
  return {
    wait,
    charge: (name, now) => {
      refill(name, now).left -= 1;
    },
    giveBack: (name) => {
      const bucket = known.get(name);
      if (bucket !== undefined) bucket.left = Math.min(perMinute, bucket.left + 1);
    },
    take: (name, now) => {
      const seconds = wait(name, now);
      if (seconds === 0) refill(name, now).left -= 1;
      return seconds;
    },
  };
}
