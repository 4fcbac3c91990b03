import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { CallFingerprint } from './state/calls.ts';
import type { Change, Saved } from './state/change.ts';
import type { ProfileContent } from './state/content.ts';
import type { Operation, OperationId, TypeAtUpstream } from './state/gateway/operation.ts';
import type { UpstreamRules } from './state/gateway/upstream-rules.ts';
import type { NumberRange } from './state/number-range.ts';
import type { Profile } from './state/profile.ts';
import type { Session } from './state/session.ts';
import type { Template } from './state/template.ts';
import type { Use } from './state/use.ts';

/** What the functions read. A record that does not exist is undefined: nothing is judged here. */
export interface Reader {
  session(transactionId: TransactionId): Promise<Session | undefined>;
  profile(iccid: Iccid): Promise<Profile | undefined>;
  profileByMatchingId(matchingId: MatchingId): Promise<Profile | undefined>;
  /** Profiles with an empty MatchingID that wait for this eUICC (RELEASED or DOWNLOADED), oldest release first, `most` of them. */
  profilesWaitingFor(eid: Eid, most: number): Promise<readonly Profile[]>;
  /** What an eUICC does with a Profile whose order is, or was, reusable. */
  use(iccid: Iccid, eid: Eid): Promise<Use | undefined>;
  content(iccid: Iccid): Promise<ProfileContent | undefined>;
  /** AVAILABLE profiles of one account and type for which nothing is requested from an upstream, those in stock for longest first, `most` of them. */
  availableOfType(account: string, profileType: string, most: number): Promise<readonly Profile[]>;
  /** Whether the account has, or had, any profile of that type. */
  knowsType(account: string, profileType: string): Promise<boolean>;
  /** What profiles of that type are made from. */
  template(account: string, profileType: string): Promise<Template | undefined>;
  /** Those of these ICCIDs that have a Profile, of whichever account. */
  takenIccids(iccids: readonly Iccid[]): Promise<readonly Iccid[]>;
  /** The ranges that are reserved for other accounts, and have numbers from `first` to `last`. */
  reservedForOthers(account: string, first: Iccid, last: Iccid): Promise<readonly NumberRange[]>;
  /** Whether the call changed a profile that has been deleted since. */
  isFormerCall(account: string, es2Call: CallFingerprint): Promise<boolean>;
  /** Whether a profile with this ICCID was deleted, before the present one was created if there is one. */
  hasFormer(iccid: Iccid): Promise<boolean>;
  operation(id: OperationId): Promise<Operation | undefined>;
  /** Where profiles of a type of an account come from, if that is an upstream. */
  upstreamOfType(account: string, profileType: string): Promise<TypeAtUpstream | undefined>;
  upstream(account: string, name: string): Promise<UpstreamRules | undefined>;
  /** The account's profile that this call of ES2+.DownloadOrder reserved, if it has not been cancelled since. */
  profileOrderedBy(account: string, downloadOrder: CallFingerprint): Promise<Profile | undefined>;
}

/** Reads that also show what is saved but not yet durable. What follows from them must wait: for a `save`, or for `durable`. */
export interface EarlyReader extends Reader {
  /** Resolves when everything that was read is durable. */
  durable(): Promise<void>;
}

export interface Store extends Reader {
  /** Absent: no record can be read before it is durable. */
  readonly early?: EarlyReader;
  /** Writes all changes in one transaction, durable when the promise resolves; each record's version goes up by one. A new Profile whose ICCID is reserved for another account makes it `stale`. */
  save(changes: readonly Change[]): Promise<Saved>;
}
