import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { JournalEntry } from './journal.ts';
import type { OrderId } from './order.ts';

type Transaction = {
  readonly transactionId: TransactionId;
  /** The CI of the certificates that we use in this session. */
  readonly smdpCiPKId: Uint8Array;
  /** Unix milliseconds; from then on the transaction is unknown. Never before its TransactionID expires, so that a stored one is not used again. */
  readonly expiresAt: number;
  /** Number of saves so far; 0: not saved yet. */
  readonly version: number;
  /** The calls of the session, oldest first. */
  readonly journal?: readonly JournalEntry[];
};

/** An older version stored what ES9+.InitiateAuthentication opened. Such a session takes no more calls; it is kept until it expires. */
export type Initiated = Transaction & { readonly stage: 'initiated' };

/** Over: ES9+.AuthenticateClient found no Profile for an eUICC that had proved itself. */
export type Refused = Transaction & {
  readonly stage: 'refused';
  readonly eid: Eid;
  /** The Profile that it asked for and did not get; absent: there is none. */
  readonly askedFor?: Iccid;
};

/** After ES9+.AuthenticateClient: the eUICC is known and a Profile was found for it. */
export type Authenticated = Transaction & {
  readonly stage: 'authenticated';
  readonly eid: Eid;
  readonly iccid: Iccid;
  /** The order under which it downloads. */
  readonly orderId?: OrderId;
  /** SubjectPublicKeyInfo of the eUICC: it signs everything that follows. */
  readonly euiccPublicKey: Uint8Array;
  /** The 5F37 data object that euiccSignature2 covers. */
  readonly smdpSignature2: Uint8Array;
};

type WithPackage = {
  /** What the package was bound with: sessions of one download have the same. An older version did not store it. */
  readonly euiccOtpk?: Uint8Array;
};

/** After ES9+.GetBoundProfilePackage: the installation result is awaited. */
export type Bound = Omit<Authenticated, 'stage'> & WithPackage & { readonly stage: 'bound' };

/** Cancelled after its package was handed out: the session takes no more calls, but a result of the installation still counts. */
export type Cancelled = Omit<Authenticated, 'stage'> & WithPackage & { readonly stage: 'cancelled' };

/** Over: the result came, or it was cancelled before a package was handed out. Kept until it expires so that repeats are recognised. */
export type Ended = Omit<Authenticated, 'stage'> & WithPackage & { readonly stage: 'ended' };

export type Session = Initiated | Refused | Authenticated | Bound | Cancelled | Ended;

/** The Profile that a session is about, if there is one. */
export function askedIccidOf(session: Session): Iccid | undefined {
  if ('iccid' in session) return session.iccid;
  return 'askedFor' in session ? session.askedFor : undefined;
}
