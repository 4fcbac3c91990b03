import type { Der } from '@esim-rsp/codec';
import type { Certificate } from '@esim-rsp/sgp22/asn1/pkix';
import type { SigningKey, VerifyingKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import type { StatusCode } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';

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

/** An eUICC that proved in this call who it is: its certificates, or its key from an earlier call, and its signature are right. */
export type ProvenEuicc = {
  readonly eid: Eid;
  /** SubjectPublicKeyInfo of its key. */
  readonly spki: Uint8Array;
  /** The CI of its certificates, where the call has them. */
  readonly ciPKId?: Uint8Array;
};

/** Who calls, as the transport found out: an API key or an operator. */
export type Caller = { readonly keyId: string } | { readonly operator: string };

/** A CI for each direction, as InitiateAuthentication (5.6.1) chooses them. */
export type ChosenCis = {
  /** The CI of the certificates that we use. */
  readonly smdpCiPKId: Uint8Array;
  /** The CI that the certificates of the eUICC must chain to. */
  readonly euiccCiPKIdToBeUsed: Uint8Array;
};

/** A transaction that InitiateAuthentication has opened. Nothing of it is stored. */
export type OpenTransaction = ChosenCis & {
  readonly transactionId: TransactionId;
  readonly serverChallenge: Uint8Array;
  /** Unix milliseconds. */
  readonly openedAt: number;
  /** Unix milliseconds; from then on the transaction is unknown. */
  readonly expiresAt: number;
};

/** Opens transactions, and recognizes those that it has opened. */
export type Transactions = {
  open(chosen: ChosenCis, now: number): OpenTransaction;
  /** undefined: it was not opened here, or it has expired. */
  find(transactionId: TransactionId, now: number): OpenTransaction | undefined;
};

/** Everything a decision depends on besides the request and the records: nothing is global. */
export type Env = {
  /** Unix milliseconds. */
  readonly now: number;
  /** Events name it. Absent: a device calls, or this SM-DP+ acts by itself. */
  readonly caller?: Caller;
  readonly random: Random;
  readonly transactions: Transactions;
  readonly smdpAddress: string;
  readonly certificates: readonly CertificateSet[];
  readonly trustedCiPKIds: readonly Uint8Array[];
  readonly verifyEuicc: VerifyEuicc;
  /** Imports a SubjectPublicKeyInfo; may remember. */
  readonly verifyingKey: (spki: Uint8Array) => VerifyingKey;
  readonly limits: Limits;
  /** Called when an acknowledged message has changed nothing, with the reason. */
  readonly messageIgnored?: (why: StatusCode) => void;
  /** Called before a MatchingID or a confirmation code is checked. Throws a Refusal if this eUICC has tried too many wrong ones. */
  readonly requireCodeAttempt?: (euicc: ProvenEuicc) => void;
  /** Lets other work run between two steps of a long decision; absent: nothing else is to run. */
  readonly pause?: () => Promise<void> | undefined;
};
