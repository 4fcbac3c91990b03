import { recent } from './recent.ts';

/** Token buckets by name: so many takes a minute, and as many at once after a pause. */
export type Buckets = {
  /** Takes one. 0: it was there; otherwise nothing was taken, and the next one is there after so many seconds. */
  take(name: string, now: number): number;
  /** The same without taking. */
  wait(name: string, now: number): number;
};

type Bucket = { left: number; at: number };

/** Names that are remembered: of those that were not seen the longest, the bucket is full again. */
const NAMES = 10_000;

/** `perMinute` 0: no limit. Times are Unix milliseconds. */
export function buckets(perMinute: number): Buckets {
  if (perMinute === 0) return { take: () => 0, wait: () => 0 };
  const known = recent<Bucket>(NAMES);
  const perMs = perMinute / 60_000;
  const filled = (name: string, now: number): Bucket => {
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
    const { left } = filled(name, now);
    return left >= 1 ? 0 : Math.ceil((1 - left) / perMs / 1000);
  };
  return {
    wait,
    take: (name, now) => {
      const seconds = wait(name, now);
      if (seconds === 0) filled(name, now).left -= 1;
      return seconds;
    },
  };
}
