import type { Der } from '@esim-rsp/codec';
import type { Certificate } from '@esim-rsp/sgp22/asn1/pkix';
import type { SessionKeys } from '@esim-rsp/sgp22/bpp/session-keys';
import type { SigningKey, VerifyingKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { unprintable } from '@esim-rsp/sgp22/crypto/secret';
import type { ProfileParameters } from '@esim-rsp/sgp22/profile/build';
import type { Refusal } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { CallFingerprint } from './state/calls.ts';
import type { ProfileEvent } from './state/event.ts';
import type { Profile } from './state/profile.ts';
import type { Session } from './state/session.ts';
import type { Template } from './state/template.ts';

/** The Profile's package as it was given, or what it is built from. */
export type GivenContent = { readonly package: Uint8Array } | { readonly parameters: ProfileParameters };

/** A package that was protected when it was stocked: `unprotectWithPpk` gives it back. */
export type ProtectedPackage = { readonly ppk: SessionKeys; readonly sequenceOf86: Uint8Array };

export type ProfileContent = GivenContent | ProtectedPackage;

/** A finished package holds keys, so it has no printable form. */
export function packageContent(upp: Uint8Array): GivenContent {
  return unprintable('ProfilePackage', { package: upp });
}

/** What the functions read. A record that does not exist is undefined: nothing is judged here. */
export interface Reader {
  session(transactionId: TransactionId): Promise<Session | undefined>;
  profile(iccid: Iccid): Promise<Profile | undefined>;
  profileByMatchingId(matchingId: MatchingId): Promise<Profile | undefined>;
  /** Profiles with an empty MatchingID that wait for this eUICC (RELEASED or DOWNLOADED), oldest release first. */
  profilesWaitingFor(eid: Eid): Promise<readonly Profile[]>;
  content(iccid: Iccid): Promise<ProfileContent | undefined>;
  /** AVAILABLE profiles of one account and type, those in stock for longest first, `most` of them. */
  availableOfType(account: string, profileType: string, most: number): Promise<readonly Profile[]>;
  /** Whether the account has, or had, any profile of that type. */
  knowsType(account: string, profileType: string): Promise<boolean>;
  /** What profiles of that type are made from. */
  template(account: string, profileType: string): Promise<Template | undefined>;
  /** Those of all Profiles, whoever owns them, that lie between two ICCIDs of the same length, both included. */
  iccidsBetween(first: Iccid, last: Iccid): Promise<readonly Iccid[]>;
  /** The account's profile that this call of ES2+.DownloadOrder reserved, if it has not been cancelled since. */
  profileOrderedBy(account: string, downloadOrder: CallFingerprint): Promise<Profile | undefined>;
}

/**
 * One record to write. A session or Profile of version 0 is inserted; otherwise the stored version must still be the
 * same. An event is added to those before it.
 */
export type Change =
  | { readonly session: Session }
  | { readonly profile: Profile; readonly content?: ProfileContent }
  | { readonly event: ProfileEvent }
  /** So many numbers of a template are taken; fewer than it knows of, or a template that is gone, change nothing. */
  | { readonly passed: { readonly template: string; readonly numbers: number } };

/** `stale`: somebody else wrote first, the record to insert exists, or the same call reserved another profile. `matchingIdTaken`: another order has that MatchingID. */
export type Saved = 'saved' | 'stale' | 'matchingIdTaken';

export interface Store extends Reader {
  /** Writes all changes in one transaction, durable when the promise resolves; each record's version goes up by one. */
  save(changes: readonly Change[]): Promise<Saved>;
}

/** A certificate of the SM-DP+ with its key. */
export type Credential = { readonly certificate: Der<Certificate>; readonly key: SigningKey };

/** The SM-DP+ under one CI: one curve, one OID (SGP.22 4.5.2). */
export type CertificateSet = {
  readonly ciPKId: Uint8Array;
  readonly dpAuth: Credential;
  readonly dpPb: Credential;
  /** The OID of this SM-DP+: registeredID of its certificates, dotted. */
  readonly oid: string;
};

export type Limits = {
  /** How long an LPA may take between two calls. */
  readonly sessionSeconds: number;
  /** How long the result of an installation may take to arrive. */
  readonly resultSeconds: number;
  readonly downloadAttempts: number;
  readonly confirmationCodeAttempts: number;
};

/** What verifies eUICCs: made once from the trusted CIs (sgp22/pki). */
export type VerifyEuicc = (certificates: {
  readonly euiccCertificate: Der<Certificate>;
  readonly eumCertificate: Der<Certificate>;
  /** Absent: any trusted CI. */
  readonly ciPKId?: Uint8Array;
  /** Unix milliseconds. */
  readonly now: number;
}) => { readonly eid: Eid; readonly publicKey: VerifyingKey };

/** Everything a decision depends on besides the request and the records: nothing is global. */
export type Env = {
  /** Unix milliseconds. */
  readonly now: number;
  readonly random: Random;
  /** 16 octets that no session had before. */
  readonly newTransactionId: () => Uint8Array;
  readonly smdpAddress: string;
  readonly certificates: readonly CertificateSet[];
  readonly trustedCiPKIds: readonly Uint8Array[];
  readonly verifyEuicc: VerifyEuicc;
  /** Imports a SubjectPublicKeyInfo; may remember. */
  readonly verifyingKey: (spki: Uint8Array) => VerifyingKey;
  readonly limits: Limits;
};

/** What a function decided: an answer or a refusal, and what to write either way. */
export type Decision<R> =
  | { readonly reply: R; readonly save: readonly Change[] }
  | { readonly refusal: Refusal; readonly save: readonly Change[] };

/** A protocol function: load what the request points at, decide purely. */
export interface ProtocolFunction<Q, F, R> {
  /** `attempt` counts from 0: how often somebody else has written first since. */
  load(request: Q, reader: Reader, attempt: number): Promise<F>;
  decide(request: Q, found: F, env: Env): Decision<R> | Promise<Decision<R>>;
}
