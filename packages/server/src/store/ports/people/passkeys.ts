/** A passkey of a person (WebAuthn): the device has the private key, the store the public one. */
export type Passkey = {
  /** `passkey-` and 16 hexadecimal digits. */
  readonly id: string;
  readonly account: string;
  /** The id of the person. */
  readonly person: string;
  /** What the device calls it. */
  readonly credentialId: Uint8Array;
  /** In COSE. */
  readonly publicKey: Uint8Array;
  /** The domain that it is for. */
  readonly rpId: string;
  /** How often it has signed; 0 for ever if the device does not count. */
  readonly counter: number;
  /** How browsers reach the device, such as `internal` or `usb`. */
  readonly transports: readonly string[];
  /** A name that the person chose. */
  readonly name: string;
  /** Unix seconds, as are all times here. */
  readonly createdAt: number;
  readonly usedAt?: number;
};

/** A challenge that a passkey is to sign. */
export type PasskeyChallenge = {
  /** SHA-256 of the challenge. */
  readonly hash: Uint8Array;
  /** Who creates a passkey; absent: somebody signs in. */
  readonly person?: string;
  readonly endsAt: number;
};

/** Passkeys of one person. */
export const MOST_PASSKEYS = 20;
/** Challenges that have not ended, of all callers. */
export const MOST_PASSKEY_CHALLENGES = 5_000;

export interface PasskeyStore {
  /** The oldest first. */
  passkeysOf(person: string): Promise<readonly Passkey[]>;
  passkeyByCredential(credentialId: Uint8Array): Promise<Passkey | undefined>;
  /** `exists`: somebody has this credential. `full`: the person has too many. Nothing was changed. */
  addPasskey(passkey: Passkey): Promise<'added' | 'exists' | 'full'>;
  /** Records a use of a passkey whose counter is still `before`. Whether it was. */
  recordPasskeyUse(id: string, use: { before: number; counter: number; at: number }): Promise<boolean>;
  /** Deletes a passkey and the sessions of the person but `keep`. Whether the person had it: if not, nothing was changed. */
  deletePasskey(person: string, id: string, keep?: string): Promise<boolean>;
  /** Deletes those that have ended at `now`. `full`: there are too many. */
  addPasskeyChallenge(challenge: PasskeyChallenge, now: number): Promise<'added' | 'full'>;
  /** Gives a challenge once; undefined: it was used, has ended, or never existed. */
  takePasskeyChallenge(hash: Uint8Array, now: number): Promise<PasskeyChallenge | undefined>;
}
