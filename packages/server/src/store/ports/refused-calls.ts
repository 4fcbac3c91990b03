import type { StatusCode } from '@esim-rsp/sgp22/status';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';

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
  /** How many other calls were refused since the entry before and were not stored, because they were too many. */
  readonly skipped: number;
};

export interface RefusedCallStore {
  /** Adds calls, and deletes all but the newest `keep`. */
  addRefusedCalls(calls: readonly RefusedCall[], keep: number): Promise<void>;
  /** The `count` newest, the newest first. */
  refusedCalls(count: number): Promise<readonly RefusedCall[]>;
  /** Those of one transaction, the newest first. */
  refusedCallsOf(transactionId: TransactionId): Promise<readonly RefusedCall[]>;
}
