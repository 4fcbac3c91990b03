/** How often somebody may try to sign in, in a minute. */
export type SignInLimit = {
  /** Whose attempts are counted together: a hash, because the store keeps no addresses for this. */
  readonly name: string;
  readonly perMinute: number;
};

/** Names whose attempts are counted. Those that have tried least are forgotten first. */
export const MOST_SIGN_IN_NAMES = 5_000;

/**
 * Attempts to sign in. They are tokens of buckets that hold those of a minute: of each, the store has the time at which it is full
 * again. All times are Unix microseconds.
 */
export interface SignInAttemptStore {
  /** Counts one attempt and resolves to 0; or counts none, and resolves to the microseconds until there may be one. */
  takeSignInAttempt(limit: SignInLimit, now: number): Promise<number>;
  /** Counts one attempt less of each. */
  giveBackSignInAttempts(limits: readonly SignInLimit[]): Promise<void>;
}
