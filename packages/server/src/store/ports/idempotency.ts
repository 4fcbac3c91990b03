/** A request that came with an Idempotency-Key. */
export type IdempotentRequest = {
  readonly account: string;
  readonly key: string;
  /** Identifies the request: says whether another request with the same key is the same request. */
  readonly fingerprint: string;
  /** Unix milliseconds: when it began last. */
  readonly begunAt: number;
  /** Absent: it has changed nothing yet. */
  readonly done?: WorkDone;
  /** Absent: the request is still running, or the process that ran it is gone. */
  readonly answer?: SealedAnswer;
};

/** What a request has changed, as its own transaction says. Another request never does this work again. */
export type WorkDone = {
  /** The id of what it created or requested: an API key, an operation at an upstream … Absent: there is none, or it was not known yet. */
  readonly id?: string;
  /** Of the profiles that it created or changed, in ascending order; those that were deleted since are gone from here too. */
  readonly iccids: readonly string[];
  /** Whether it created some of these profiles. */
  readonly createdProfiles: boolean;
};

/**
 * A request that has started: a write that is its work takes this, and records in the same transaction that the work is done. When another
 * process has started the request again since, nothing is written: a save is `stale`, anything else throws a RequestTakenOver.
 */
export type BegunRequest = Pick<IdempotentRequest, 'account' | 'key' | 'begunAt'>;

/** The request took too long: another process has started it again. */
export class RequestTakenOver extends Error {
  override readonly name = 'RequestTakenOver';

  constructor({ key }: BegunRequest) {
    super(`the request with the Idempotency-Key ${key} was started again by another process`);
  }
}

/** A response, encrypted so that only its caller can read it. */
/** Empty: it was deleted together with a profile that it showed. */
export type SealedAnswer = { readonly status: number; readonly sealed: Uint8Array };

export interface IdempotencyStore {
  /**
   * Begins the request. If there is one with the same account and key, that one is returned and nothing is changed,
   * unless it has neither an answer nor done its work and began before `abandonedBefore`: then the new request replaces it.
   */
  beginRequest(request: IdempotentRequest, abandonedBefore: number): Promise<'started' | IdempotentRequest>;
  /** `iccids`: the profiles that the answer shows. When one of them is deleted, the answer becomes empty. Nothing changes if the request was started again since. */
  saveAnswer(request: BegunRequest, answer: SealedAnswer, iccids: readonly string[]): Promise<void>;
  /** The request was refused: it may be sent again. Nothing changes if its work is done, unless that was `undone`, or if it was started again since. */
  deleteRequest(request: BegunRequest, undone?: 'undone'): Promise<void>;
  /** Deletes at most `most` of the requests that began before (Unix milliseconds); resolves to their number. */
  deleteRequestsBefore(begunAt: number, most: number): Promise<number>;
}
