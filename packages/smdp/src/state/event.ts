import type { StatusCode } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Env } from '../env.ts';
import type { OperationId } from './gateway/operation.ts';
import type { ProfileState } from './profile.ts';

/** What can happen to a Profile: it came to another state, or a step of a download was checked. */
export const eventTypes = [
  'profile.created',
  'profile.ordered',
  'profile.confirmed',
  'profile.released',
  'download.checked',
  'download.refused',
  'confirmation_code.wrong',
  'confirmation_code.locked',
  'profile.downloaded',
  'profile.postponed',
  'profile.installed',
  'profile.enabled',
  'profile.disabled',
  'profile.deleted',
  'profile.error',
  'profile.expired',
  'profile.reuse_exhausted',
  'profile.cancelled',
  'profile.retired',
  'profile.reset',
  'profile.updated',
  'profile.purged',
  'install_link.help_requested',
  'operation.done',
  'operation.refused',
  'operation.unknown',
  'upstream.reported',
] as const;
export type EventType = (typeof eventTypes)[number];

/** Kinds of actors: who calls the REST API with a key of the account, who calls ES2+ for it, an eUICC, who has an install link, or this SM-DP+ by itself. */
export const actorKinds = ['user', 'operator', 'device', 'customer', 'system'] as const;
export type Actor =
  /** `keyId`: the API key; absent in events of older versions. */
  | { readonly kind: 'user'; readonly keyId?: string }
  | { readonly kind: 'operator'; readonly name?: string }
  /** No EID: the Profile was deleted, and its history kept. */
  | { readonly kind: 'device'; readonly eid?: Eid }
  | { readonly kind: 'customer' }
  | { readonly kind: 'system' };

/** Points of a download that operators are notified of (ES2+.HandleDownloadProgressInfo, 5.3.5). */
export type NotificationPoint = 1 | 2 | 3 | 4;

/** One thing that happened to a Profile. It is written in the transaction that makes it so, and never changed. */
export type ProfileEvent = {
  readonly type: EventType;
  readonly iccid: Iccid;
  readonly account: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly actor: Actor;
  /** Absent: the Profile is new. */
  readonly from?: ProfileState;
  readonly to: ProfileState;
  readonly transactionId?: TransactionId;
  /** Why it failed. */
  readonly reason?: StatusCode;
  readonly point?: NotificationPoint;
  /** The Profile whose place this one took, or that took the place of this one. */
  readonly replaces?: Iccid;
  readonly replacedBy?: Iccid;
  /** What was requested from the upstream of the Profile, and led to this. */
  readonly operation?: OperationId;
  /** What the customer has written, or an upstream. */
  readonly message?: string;
  /** W3C Trace Context of the save that wrote it, if there are traces. */
  readonly traceparent?: string;
  /** ProfileInstallationResult in DER, as the eUICC signed it. */
  readonly resultData?: Uint8Array;
};

/** Why a Profile is not as it was. */
export type Cause = Pick<
  ProfileEvent,
  'at' | 'actor' | 'transactionId' | 'point' | 'resultData' | 'replaces' | 'replacedBy' | 'operation'
>;

export function byUser({ now, caller }: Pick<Env, 'now' | 'caller'>): Cause {
  const key = caller !== undefined && 'keyId' in caller ? { keyId: caller.keyId } : {};
  return { at: now, actor: { kind: 'user', ...key } };
}

export function byOperator({ now, caller }: Pick<Env, 'now' | 'caller'>): Cause {
  const name = caller !== undefined && 'operator' in caller ? { name: caller.operator } : {};
  return { at: now, actor: { kind: 'operator', ...name } };
}

export function bySystem({ now }: Pick<Env, 'now'>): Cause {
  return { at: now, actor: { kind: 'system' } };
}

export function byCustomer({ now }: Pick<Env, 'now'>): Cause {
  return { at: now, actor: { kind: 'customer' } };
}

export function byDevice(
  eid: Eid,
  { now }: Pick<Env, 'now'>,
  of: Pick<Cause, 'transactionId' | 'point' | 'resultData'> = {},
): Cause {
  return { at: now, actor: { kind: 'device', eid }, ...of };
}
