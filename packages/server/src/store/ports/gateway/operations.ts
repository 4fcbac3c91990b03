import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { NotFromCaller } from '@esim-rsp/smdp/from-caller';
import type {
  Operation,
  OperationId,
  OperationKind,
  OperationState,
} from '@esim-rsp/smdp/state/gateway/operation';

/** An upstream of an account that has something to do. */
export type DueUpstream = { readonly account: string; readonly upstream: string };

export type OperationClaim = DueUpstream & {
  /** The node that makes the call. */
  readonly node: string;
  /** Unix milliseconds. */
  readonly now: number;
  /** No other node can claim the operation until then. */
  readonly leaseUntil: number;
};

export type OperationFilter = NotFromCaller & {
  readonly account: string;
  readonly state?: OperationState;
  readonly kind?: OperationKind;
  /** The name of the upstream. */
  readonly upstream?: string;
  readonly iccid?: string;
  /** Only those with a lower id. */
  readonly before?: string;
  /** At most this many. */
  readonly count: number;
};

export type ReservedType = NotFromCaller & {
  readonly account: string;
  readonly profileType: string;
  readonly upstream: string;
};

export type Reservations = {
  /** Profiles in stock that the upstream keeps ready, and for which nothing else is requested. */
  readonly ready: number;
  /** The oldest of them; absent: there is none. */
  readonly oldest?: { readonly iccid: Iccid; readonly releasedAt: number };
  /** Operations that have not ended, those whose outcome is unknown among them. */
  readonly open: number;
  /** The latest operations, the newest first: at most 16. */
  readonly latest: readonly Operation[];
};

/** What is requested from upstreams. It is saved with the Profile that it is about. */
export interface OperationStore {
  operation(id: OperationId): Promise<Operation | undefined>;
  /** The newest first. */
  operations(filter: OperationFilter): Promise<readonly Operation[]>;
  /** What is reserved ahead of a type, as far as `most` profiles in stock show it. */
  reservations(type: ReservedType, most: number): Promise<Reservations>;
  /** The upstreams that have an operation which is due and not claimed. `now`: Unix milliseconds. */
  dueUpstreams(now: number): Promise<readonly DueUpstream[]>;
  /**
   * Claims an operation that is due: it is `sent` now, or `unknown` if a call of it was made before, and its end is not known. undefined: there is none,
   * or another node was faster.
   */
  claimOperation(claim: OperationClaim): Promise<Operation | undefined>;
  /** Ends the claims of a node, which has just started: the process that had them is gone. */
  releaseOperations(node: string): Promise<void>;
  /** Deletes at most `most` operations that ended before `before` (Unix milliseconds); resolves to their number. */
  deleteOldOperations(before: number, most: number): Promise<number>;
}
