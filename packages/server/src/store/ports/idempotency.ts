/** A request that was given an Idempotency-Key. */
export type IdempotentRequest = {
  readonly account: string;
  readonly key: string;
  /** Of what was asked. */
  readonly fingerprint: string;
  /** Unix milliseconds: when it was begun last. */
  readonly begunAt: number;
  /** Absent: it is under way, or the process that did it is gone. */
  readonly answer?: KeptAnswer;
};

/** An answer, as its caller can read it and nobody else. */
export type KeptAnswer = { readonly status: number; readonly sealed: Uint8Array };

export interface IdempotencyStore {
  /**
   * Begins the request unless one of that key is there: then that one is given, and nothing is changed, but for one
   * without an answer that was begun before `abandonedBefore`, which this one takes the place of.
   */
  beginIdempotent(request: IdempotentRequest, abandonedBefore: number): Promise<'begun' | IdempotentRequest>;
  keepAnswer(account: string, key: string, answer: KeptAnswer): Promise<void>;
  /** The request was refused: it may come again. */
  forgetIdempotent(account: string, key: string): Promise<void>;
  /** Removes those that were begun before; resolves to how many. */
  removeIdempotentBefore(begunAt: number): Promise<number>;
}
