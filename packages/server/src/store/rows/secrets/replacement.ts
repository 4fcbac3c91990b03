type Stored = string | Uint8Array | null;

/** What replaces a stored value. */
export type Replacement = {
  readonly column: string;
  readonly before: Stored;
  readonly after: Stored;
  /** The sealed value, where `after` is a hash. */
  readonly copy?: Stored;
  /** The stored value that a lookup column is to have the hash of. */
  readonly of?: { readonly column: string; readonly value: Stored };
};
