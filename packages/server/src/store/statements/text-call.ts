/** A statement with a `?` for each value. */
export type TextCall = readonly [text: string, ...values: (string | number | Uint8Array | null)[]];

/** What runs statements that are the same on every engine. */
export type TextEngine = {
  /** Reads at one moment: the rows of each call. */
  read(calls: readonly TextCall[]): Promise<readonly unknown[][]>;
  /** Writes in one transaction, all of them if the first one changes one row; otherwise none, and the result is false. */
  writeIf(calls: readonly TextCall[]): Promise<boolean>;
};
