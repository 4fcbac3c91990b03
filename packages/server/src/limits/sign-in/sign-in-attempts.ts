import { createHash } from 'node:crypto';
import { createBuckets } from '../buckets.ts';

/** Limits how often an address, and anybody for one account or person, may try to sign in wrongly. */
export type SignInAttempts = {
  /**
   * Begins to try. `who`: the account or person that is claimed; absent: none is. Resolves to what ends it, or to the seconds to wait. `now`:
   * Unix milliseconds.
   */
  begin(address: string, who: string | undefined, now: number): Promise<SignInAttempt | number>;
};

/** What an attempt takes from the limits, it takes before anything is checked: so attempts at the same time cannot exceed them. */
export type SignInAttempt = {
  /** It was right: gives back what it took. */
  succeed(): Promise<void>;
};

type Limit = { readonly name: string; readonly perMinute: number };

/** Where all servers count together; times are Unix microseconds. */
export type SharedAttempts = {
  /** Counts one attempt and resolves to 0; or counts none, and resolves to the microseconds until there may be one. */
  takeSignInAttempt(limit: Limit, now: number): Promise<number>;
  giveBackSignInAttempts(limits: readonly Limit[]): Promise<void>;
};

/** More than one address may try: so one address alone cannot keep others from signing in to an account. */
const ADDRESSES = 5;

/**
 * `perAddress`: wrong attempts a minute, of all servers together; 0: no limit. What exceeds the limit at this server alone is refused without the
 * store.
 */
export function createSignInAttempts(perAddress: number, shared: SharedAttempts): SignInAttempts {
  if (perAddress === 0) return { begin: async () => ({ succeed: async () => undefined }) };
  const addresses = createBuckets(perAddress);
  const names = createBuckets(perAddress * ADDRESSES);
  const take = async (limit: Limit, now: number) =>
    Math.ceil((await shared.takeSignInAttempt(limit, now * 1000)) / 1_000_000);
  return {
    begin: async (address, who, now) => {
      const seconds = addresses.take(address, now);
      if (seconds > 0) return seconds;
      const wait = who === undefined ? 0 : names.take(who, now);
      if (wait > 0) return wait;
      const taken: Limit[] = [];
      for (const limit of limitsOf(perAddress, address, who)) {
        const seconds = await take(limit, now);
        if (seconds > 0) return seconds;
        taken.push(limit);
      }
      return {
        succeed: async () => {
          addresses.giveBack(address);
          if (who !== undefined) names.giveBack(who);
          await shared.giveBackSignInAttempts(taken);
        },
      };
    },
  };
}

/** The address comes first: one that must wait takes nothing from the account or person. */
function limitsOf(perAddress: number, address: string, who: string | undefined): Limit[] {
  const ofAddress = { name: hashOf(`address ${address}`), perMinute: perAddress };
  if (who === undefined) return [ofAddress];
  return [ofAddress, { name: hashOf(`who ${who}`), perMinute: perAddress * ADDRESSES }];
}

function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, 22);
}
