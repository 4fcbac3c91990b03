type Stored = string | Uint8Array | null;

/** What replaces a stored value. */
export type Replacement = {
  readonly column: string;
  readonly before: Stored;
  readonly after: Stored;
  /** The sealed value, where `after` is a hash. */
  readonly copy?: Stored;
};
