import type { SignInLimit } from '../../ports/people/sign-in-attempts.ts';
import type { Columns, Row } from '../column-types.ts';

export const signInAttemptColumns = {
  name: 'text',
  /** Microseconds. */
  full_at: 'integer',
} as const satisfies Columns;
export type SignInAttemptRow = Row<typeof signInAttemptColumns>;

const MINUTE = 60_000_000;

/** How much later a bucket is full after one attempt. */
export function costOf({ perMinute }: SignInLimit): number {
  return Math.max(1, Math.round(MINUTE / perMinute));
}

/** A bucket with a token is full at this time at the latest. */
export function latestWithToken(limit: SignInLimit, now: number): number {
  return now + MINUTE - costOf(limit);
}

/** A bucket that is full later was written by a clock that is wrong, and counts as full. */
export function latestAtAll(now: number): number {
  return now + 2 * MINUTE;
}
