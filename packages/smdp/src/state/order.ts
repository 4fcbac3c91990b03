import { makeUnprintable } from '@esim-rsp/sgp22/crypto/secret';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';

/** What may happen after a Profile has left its device; each type reads (rule for the EID, rule for the MatchingID). */
export const reuseTypes = [
  'NEVER',
  'SAME_EID_MID',
  'SAME_EID',
  'SAME_MID',
  'NEW_EID',
  'NEW_EID_MID',
] as const;
export type ReuseType = (typeof reuseTypes)[number];

export type ReusePolicy = {
  readonly type: ReuseType;
  /** How often the Profile may go back to RELEASED in all. */
  readonly maxCount: number;
  /** Seconds between leaving a device and being RELEASED again. */
  readonly cooldownSeconds: number;
};

/** Only the SHA-256 of a confirmation code is kept (SGP.22 3.1.3.2). */
export type ConfirmationCode = { readonly hash: Uint8Array; readonly attemptsLeft: number };

export type OrderId = string & { readonly brand: 'OrderId' };

/** The order that the install link of a customer is for. `order` is absent for orders of older versions. */
export type LinkedOrder = { readonly iccid: Iccid; readonly order?: OrderId };

/** A confirmed download order (SGP.22 3.1.1). */
export type Order = {
  /** Random, and the same for the life of the order: a session that began under another order has ended. */
  readonly id?: OrderId;
  /** The only eUICC that may download; absent: the first one that does. */
  readonly eid?: Eid;
  /** The only eUICC that may not: it had the Profile before. */
  readonly notEid?: Eid;
  /** Empty: the order is found by its EID (default SM-DP+). */
  readonly matchingId: MatchingId;
  /** The SM-DP+ that serves the download, if the upstream named another one than usual. */
  readonly smdpAddress?: string;
  /** When it expired, it was cancelled at its upstream. */
  readonly isCancelledThere?: true;
  readonly confirmationCode?: ConfirmationCode;
  readonly downloadAttemptsLeft: number;
  /** For labs and test profiles: whatever happens to a download, the order stays RELEASED, and attempts are not counted. */
  readonly reusable?: true;
  /** Unix seconds. */
  readonly expiresAt?: number;
  /** Unix seconds; absent until the order is released. */
  readonly releasedAt?: number;
  readonly reusePolicy: ReusePolicy;
  /** Of the policy's maxCount; the type NEVER does not use them. */
  readonly reusesLeft: number;
  /** Unix seconds: when the Profile, which was deleted from its device, is RELEASED again. */
  readonly returnsAt?: number;
};

/** Whether the order has expired; `now` is in Unix milliseconds. */
export function hasExpired(
  { expiresAt }: { readonly expiresAt?: number | undefined },
  { now }: { readonly now: number },
): boolean {
  return expiresAt !== undefined && expiresAt * 1000 <= now;
}

/** What a Bound Profile Package was bound with: kept so that the same eUICC can fetch it again (SGP.22 3.1.3.2). It has no printable form. */
export type Binding = {
  readonly eid: Eid;
  readonly euiccOtpk: Uint8Array;
  readonly otSkDp: Uint8Array;
  readonly hostId: Uint8Array;
};

export function bindingOf(binding: Binding): Binding {
  return makeUnprintable('Binding', { ...binding });
}
