import type { StatusCode } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { NotFromCaller } from '@esim-rsp/smdp/from-caller';

/** A call of ES9+ that was refused before an eUICC had proved itself, so that no session stores it. */
export type RefusedCall = {
  /** Unix milliseconds. */
  readonly at: number;
  /** IP address of the caller. */
  readonly address: string;
  /** The function, or the path if the function is not known. */
  readonly function: string;
  readonly refused: StatusCode;
  /** The key of the check that refused, as in the journal of a session. Absent: the request could not be read. */
  readonly check?: string;
  readonly transactionId?: TransactionId;
  /** Key identifiers of the CIs that the eUICC said it has, in hexadecimal. They are not verified. */
  readonly ciPKIds: readonly string[];
  /** The eUICC that the request names. Nothing proves it. */
  readonly claimedEid?: Eid;
  /** The Profile that the request names, or whose MatchingID it has. Nothing proves that its eUICC has to do with it. */
  readonly claimedIccid?: Iccid;
  /** How many other calls were refused since the entry before and were not stored, because they were too many. */
  readonly skipped: number;
};

/** Which calls are wanted; each member narrows them down. */
export type RefusedCallFilter = NotFromCaller & {
  /**
   * Only what this account may find: with `iccid`, calls that claim to be about a Profile of it; with `eid`, these and calls that claim to come
   * from an eUICC that one of its Profiles is linked to, bound to or installed on. With neither, all calls.
   */
  readonly account?: string;
  readonly iccid?: string;
  readonly eid?: string;
  /** A subject and a reason code, such as 8.2.6/3.8. */
  readonly reason?: string;
  /** Unix milliseconds: only calls of this time or later. */
  readonly since?: number;
  /** Unix milliseconds: only calls before this time. */
  readonly until?: number;
  /** At most this many. */
  readonly count: number;
};

export interface RefusedCallStore {
  /** Adds calls, and deletes all but the newest `keep`. */
  addRefusedCalls(calls: readonly RefusedCall[], keep: number): Promise<void>;
  /** The newest first. */
  refusedCalls(filter: RefusedCallFilter): Promise<readonly RefusedCall[]>;
  /** Those of one transaction, the newest first. */
  refusedCallsOf(transactionId: TransactionId): Promise<readonly RefusedCall[]>;
}
