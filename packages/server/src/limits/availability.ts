import { Refusal } from '@esim-rsp/sgp22/status';
import { createBuckets } from './buckets.ts';

/** Answers a minute to one account; more is no mistake any more, but a search. */
export const TAKEN_PER_MINUTE = 60;

/** The refusals that say that a number or a MatchingID, which all accounts share, is not available. */
const checks: readonly string[] = ['iccidTaken', 'matchingIdTaken'];

/**
 * Limits how often an account learns that an ICCID or a MatchingID is not available, over REST and ES2+ together: 60 times a minute. Then
 * what would say so is refused with TooManyTaken before it is tried, so that taken and free ones look alike.
 */
export type Availability = <T>(account: string, work: () => T | Promise<T>) => Promise<T>;

/** `perMinute` 0: no limit. */
export function limitAvailability(perMinute: number): Availability {
  const buckets = createBuckets(perMinute);
  return async (account, work) => {
    const seconds = buckets.wait(account, Date.now());
    if (seconds > 0) throw new TooManyTaken(seconds);
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refusal && checks.includes(error.check)) buckets.charge(account, Date.now());
      throw error;
    }
  };
}

/** The account has to wait. */
export class TooManyTaken extends Error {
  override readonly name = 'TooManyTaken';
  /** Until the next call is tried. */
  readonly seconds: number;

  constructor(seconds: number) {
    super(
      `too many ICCIDs or MatchingIDs of this account were not available: try again in ${seconds} seconds, with others`,
    );
    this.seconds = seconds;
  }
}
