import { decode } from '@esim-rsp/codec';
import { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import type { Opening } from '@esim-rsp/sgp22/bpp/open';
import type { Curve } from '@esim-rsp/sgp22/crypto/ecdsa';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';

/** The certificates and the key of the card under one CI. */
export type CardCredential = {
  /** Subject key identifier of the CI. */
  readonly ciPKId: Uint8Array;
  readonly euiccCertificate: Uint8Array;
  readonly eumCertificate: Uint8Array;
  /** PKCS#8 in PEM. */
  readonly privateKey: string;
};

export type InstalledProfile = {
  readonly iccid: Iccid;
  readonly aid: Uint8Array;
  readonly state: 'enabled' | 'disabled';
  /** StoreMetadataRequest in DER. */
  readonly metadata: Uint8Array;
  readonly nickname?: string;
  /** The decrypted profile package. */
  readonly upp: Uint8Array;
  /** The sequence numbers that its USIM has accepted; absent: none yet. */
  readonly sqns?: Uint8Array;
};

/** A notification that was not sent yet (SGP.22 3.5). */
export type StoredNotification = {
  readonly seqNumber: number;
  readonly address: string;
  /** One bit of notificationEvents. */
  readonly event: number;
  /** PendingNotification in DER. */
  readonly bytes: Uint8Array;
};

/** A one-time key pair that an SM-DP+ knows and no installation has used: one for each SM-DP+ (2.6.5). */
export type StoredOneTimeKey = {
  readonly smdpOid: string;
  readonly curve: Curve;
  readonly otPk: Uint8Array;
  readonly otSk: Uint8Array;
};

type Authenticity = {
  /** Only an SM-DP+ binds packages. */
  readonly serverRole: 'dp-auth' | 'ds-auth';
  readonly transactionId: Uint8Array;
  readonly serverAddress: string;
  /** registeredID of CERT.DPauth or CERT.DSauth. */
  readonly smdpOid: string;
  /** The CI whose credential signs in this session. */
  readonly ciPKId: Uint8Array;
  /** The 5F37 data object that smdpSignature2 covers. */
  readonly euiccSignature1: Uint8Array;
};

export type Challenged = { readonly stage: 'challenged'; readonly euiccChallenge: Uint8Array };
export type Authenticated = Authenticity & { readonly stage: 'authenticated' };
export type Prepared = Authenticity & {
  readonly stage: 'prepared';
  readonly oneTimeKey: StoredOneTimeKey;
  /** SubjectPublicKeyInfo of CERT.DPpb. */
  readonly dpPbKey: Uint8Array;
};
export type Installing = Omit<Prepared, 'stage'> & {
  readonly stage: 'installing';
  readonly opening: Opening;
  /** StoreMetadataRequest in DER; absent until it arrives. */
  readonly metadata?: Uint8Array;
};

/** The RSP session (SGP.22 3.0.1). There is at most one, and a reset of the card ends it. */
export type CardSession = Challenged | Authenticated | Prepared | Installing;

/** The state of a virtual eUICC. Each command returns a new value. */
export type Card = {
  readonly eid: Eid;
  /** CERT.CI of the trusted CIs. */
  readonly ciCertificates: readonly Uint8Array[];
  /** In order of preference. */
  readonly credentials: readonly CardCredential[];
  readonly profiles: readonly InstalledProfile[];
  readonly notifications: readonly StoredNotification[];
  /** The profile that is enabled again when the enabled test profile is disabled (5.7.17). */
  readonly enabledBeforeTest?: Iccid;
  /** Never used twice, not even after a memory reset. */
  readonly nextSeqNumber: number;
  readonly oneTimeKeys: readonly StoredOneTimeKey[];
  /** Empty: none. */
  readonly defaultDpAddress: string;
  /** Octets of non-volatile memory in all. */
  readonly memory: number;
  readonly session?: CardSession;
};

/** Randomness is an argument. A card has no clock. */
export type CardEnv = { readonly random: Random };

/** The octets that profiles do not use. */
export function freeMemory({ memory, profiles }: Card): number {
  return memory - profiles.reduce((sum, { upp, metadata }) => sum + upp.length + metadata.length, 0);
}

/** One of `profileClasses`. */
export function classOf({ metadata }: InstalledProfile): number {
  return decode(StoreMetadataRequest, metadata).profileClass;
}

/** The profile whose applications terminals can select. */
export function enabledProfile({ profiles }: Card): InstalledProfile | undefined {
  return profiles.find(({ state }) => state === 'enabled');
}

export function withoutSession({ session: _, ...card }: Card): Card {
  return card;
}
