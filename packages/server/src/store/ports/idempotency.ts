/** A request that came with an Idempotency-Key. */
export type IdempotentRequest = {
  readonly account: string;
  readonly key: string;
  /** Identifies the request: says whether another request with the same key is the same request. */
  readonly fingerprint: string;
  /** Unix milliseconds: when it began last. */
  readonly begunAt: number;
  /** Absent: the request is still running, or the process that ran it is gone. */
  readonly answer?: SealedAnswer;
};

/** A response, encrypted so that only its caller can read it. */
/** Empty: it was deleted together with a profile that it showed. */
export type SealedAnswer = { readonly status: number; readonly sealed: Uint8Array };

export interface IdempotencyStore {
  /**
   * Begins the request. If there is one with the same account and key, that one is returned and nothing is changed,
   * unless it has no answer and began before `abandonedBefore`: then the new request replaces it.
   */
  beginRequest(request: IdempotentRequest, abandonedBefore: number): Promise<'started' | IdempotentRequest>;
  /** `iccids`: the profiles that the answer shows. When one of them is deleted, the answer becomes empty. */
  saveAnswer(account: string, key: string, answer: SealedAnswer, iccids: readonly string[]): Promise<void>;
  /** The request was refused: it may be sent again. */
  deleteRequest(account: string, key: string): Promise<void>;
  /** Deletes at most `most` of the requests that began before (Unix milliseconds); resolves to their number. */
  deleteRequestsBefore(begunAt: number, most: number): Promise<number>;
}
