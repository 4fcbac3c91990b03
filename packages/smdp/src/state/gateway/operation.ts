import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Caller } from '../../env.ts';
import type { LinkedOrder, ReusePolicy } from '../order.ts';

/**
 * What can be requested of a Profile that an upstream has. `reserve`: an order ahead, which is kept ready for the next order here. `expire`: its order has
 * expired; this SM-DP+ requests it.
 */
export const operationKinds = [
  'order',
  'confirm',
  'release',
  'cancel',
  're_release',
  'replace',
  'reserve',
  'expire',
] as const;
export type OperationKind = (typeof operationKinds)[number];

/**
 * `waiting`: its next call has not been sent. `sent`: a call is in progress. `unknown`: a call was sent and no answer came, so it may have been
 * done. `done`, `refused` and `failed` are ends; `failed`: the upstream has done it, but its answer cannot be used.
 */
export const operationStates = ['waiting', 'sent', 'unknown', 'done', 'refused', 'failed'] as const;
export type OperationState = (typeof operationStates)[number];

/** Those that have not ended. A Profile has one such operation at most. */
export const openStates = ['waiting', 'sent', 'unknown'] as const satisfies readonly OperationState[];

/** The functions of ES2+ (5.3) that operations call. */
export const upstreamFunctions = ['downloadOrder', 'confirmOrder', 'releaseProfile', 'cancelOrder'] as const;
export type UpstreamFunction = (typeof upstreamFunctions)[number];

/** `op_`, the time of the request and random digits: later operations have higher ids. */
export type OperationId = string & { readonly brand: 'OperationId' };

/** What was requested. It is kept until the operation has ended, because a call may have to be repeated. */
export type OperationTerms = {
  readonly eid?: Eid;
  /** Absent: the upstream chooses it. Empty: the order is found by its EID. */
  readonly matchingId?: string;
  readonly confirmationCode?: string;
  /** Whether ConfirmOrder also releases the Profile. */
  readonly release?: boolean;
  /** Of CancelOrder; absent: AVAILABLE. */
  readonly finalState?: 'AVAILABLE' | 'UNAVAILABLE';
  /** What the upstream calls the type of an order without an ICCID. */
  readonly vendorType?: string;
  /** What ES2+ does not know of the order: this SM-DP+ keeps it. Unix seconds. */
  readonly expiresAt?: number;
  readonly reusePolicy?: ReusePolicy;
  /** Absent: as often as the policy says. */
  readonly reusesLeft?: number;
  /** The order in whose place the new one is: links to it lead to the new one. */
  readonly follows?: LinkedOrder;
  /** The Profile that is retired when the order of this one is done. It has the same operation until then. */
  readonly replaces?: Iccid;
  /** The Profile that has taken the place of this one. */
  readonly replacedBy?: Iccid;
};

/** A profile type that comes from an upstream. */
export type TypeAtUpstream = {
  /** The name of the upstream. */
  readonly upstream: string;
  /** What the vendor calls the type. */
  readonly vendorType: string;
  /** When fewer than this are kept ready, `batch` more are reserved; 0: none is. */
  readonly keepReady: number;
  readonly batch: number;
  /** Days after which what is kept ready is cancelled at the upstream; 0: never. */
  readonly readyDays: number;
};

/** Why a call was not done, or is not known to be: the codes of the upstream, as it sent them, and a text. */
export type CallFault = {
  readonly subjectCode?: string;
  readonly reasonCode?: string;
  readonly message: string;
};

/** Something that was requested from an upstream: one or more calls of ES2+, one after the other. */
export type Operation = {
  readonly id: OperationId;
  readonly account: string;
  /** The name of the upstream. */
  readonly upstream: string;
  /** Absent: the upstream has not named a Profile yet. */
  readonly iccid?: Iccid;
  /** Of an order of any Profile of a type. */
  readonly profileType?: string;
  readonly kind: OperationKind;
  readonly calls: readonly UpstreamFunction[];
  /** The place of the present call among them, or of the last one that was made. */
  readonly step: number;
  /** Absent: it has ended. */
  readonly terms?: OperationTerms;
  readonly state: OperationState;
  /** How often the present call was made, or tried. */
  readonly attempts: number;
  /** Who requested it; absent: this SM-DP+. */
  readonly caller?: Caller;
  /** Unix milliseconds, as all its times. */
  readonly requestedAt: number;
  readonly nextAttemptAt: number;
  readonly lastAttemptAt?: number;
  readonly endedAt?: number;
  readonly fault?: CallFault;
  /** The last one who has said what an unknown outcome was, and when. */
  readonly settled?: { readonly keyId?: string; readonly at: number };
  /** The node that makes the present call, and until when no other one does. */
  readonly lease?: { readonly node: string; readonly until: number };
  /** Number of saves so far; 0: not saved yet. */
  readonly version: number;
};

/** It is not tried again until somebody settles it. */
export const NEVER: number = Number.MAX_SAFE_INTEGER;

export function isOpen({ state }: Pick<Operation, 'state'>): boolean {
  return (openStates as readonly OperationState[]).includes(state);
}

/** Whether a call of it is being made, also the repeat of one whose outcome is unknown. `now`: Unix milliseconds. */
export function isInProgress({ state, lease }: Pick<Operation, 'state' | 'lease'>, now: number): boolean {
  return state === 'sent' || (lease !== undefined && lease.until > now);
}

/** The present call. */
export function functionOf({ calls, step }: Pick<Operation, 'calls' | 'step'>): UpstreamFunction {
  const name = calls[step];
  if (name === undefined) throw new Error(`an operation has no call ${step}`);
  return name;
}

/** The same for each repeat of a call, and another for each call (5.2.4). */
export function functionCallIdentifierOf({ id, step }: Pick<Operation, 'id' | 'step'>): string {
  return `${id}-${step + 1}`;
}
