import { createBuckets } from '../buckets.ts';

/** Limits how often an address, and anybody for one account or person, may try to sign in wrongly. */
export type SignInAttempts = {
  /** Begins to try. `who`: the account or person that is claimed; absent: none is. Gives what ends it, or the seconds to wait. `now`: Unix milliseconds. */
  begin(address: string, who: string | undefined, now: number): SignInAttempt | number;
};

/** What an attempt takes from the limits, it takes before anything is checked: so attempts at the same time cannot exceed them. */
export type SignInAttempt = {
  /** It was right: gives back what it took. */
  succeed(): void;
};

/** More than one address may try: so one address alone cannot keep others from signing in to an account. */
const ADDRESSES = 5;

/** `perAddress`: wrong attempts a minute; 0: no limit. */
export function createSignInAttempts(perAddress: number): SignInAttempts {
  const addresses = createBuckets(perAddress);
  const names = createBuckets(perAddress * ADDRESSES);
  return {
    begin: (address, who, now) => {
      const seconds = addresses.take(address, now);
      if (seconds > 0) return seconds;
      const wait = who === undefined ? 0 : names.take(who, now);
      if (wait > 0) return wait;
      return {
        succeed: () => {
          addresses.giveBack(address);
          if (who !== undefined) names.giveBack(who);
        },
      };
    },
  };
}
