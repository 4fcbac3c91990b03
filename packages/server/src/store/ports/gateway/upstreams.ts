import type { Store } from '@esim-rsp/smdp/ports';
import type { TypeAtUpstream } from '@esim-rsp/smdp/state/gateway/operation';
import type { TakesBack } from '@esim-rsp/smdp/state/gateway/upstream-rules';
import type { ClientIdentity } from '../operators.ts';

/** What a notification point of HandleDownloadProgressInfo means (5.3.5). */
export const pointMeanings = [
  'eligibility',
  'confirmation_code',
  'downloaded',
  'installed',
  'enabled',
  'disabled',
  'deleted',
] as const;
export type PointMeaning = (typeof pointMeanings)[number];

export const statusCalls = ['none', 'getProfileStatus'] as const;
export type StatusCall = (typeof statusCalls)[number];

export const iccidPaddings = ['none', 'upper_f', 'lower_f'] as const;
export type IccidPadding = (typeof iccidPaddings)[number];

/** What differs from vendor to vendor. */
export type UpstreamDialect = {
  /** What is sent in X-Admin-Protocol. */
  readonly adminProtocol: string;
  /** The call that says in which state profiles are; ES2+ itself has none. */
  readonly statusCall: StatusCall;
  /** Whether a repeated functionCallIdentifier gets the answer of the first call, and does nothing again. */
  readonly repeatsAnswers: boolean;
  /** Until when it takes back an order by CancelOrder. */
  readonly takesBack: TakesBack;
  /** Calls at the same time. */
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  /** How an ICCID of 19 digits is sent: as it is, or with this letter as its 20th character. */
  readonly iccidPadding: IccidPadding;
  /** The meaning of each notification point. */
  readonly points: Readonly<Record<number, PointMeaning>>;
};

/** Another SM-DP+, at which an account orders profiles by ES2+. */
export type Upstream = {
  readonly account: string;
  /** Unique in the account; chosen by people. */
  readonly name: string;
  /** https://host:port, and the prefix before /gsma/rsp2/es2plus if there is one. */
  readonly url: string;
  /** Of this SM-DP+ as a TLS client, in PEM. The first certificate is its own, those of its issuers may follow. */
  readonly client: ClientIdentity;
  /** PEM of the CAs to trust; absent: the public CAs. */
  readonly ca?: string;
  /** PEM of the certificates by which its calls of HandleDownloadProgressInfo are known, its own or those of CAs; absent: it may not call. */
  readonly callback?: string;
  /** functionRequesterIdentifier, which the vendor assigns. */
  readonly requesterIdentifier: string;
  /** The SM-DP+ address in activation codes, unless an answer names another. */
  readonly smdpAddress: string;
  readonly dialect: UpstreamDialect;
  /** Unix milliseconds. */
  readonly createdAt: number;
};

/** A profile type of an account that comes from an upstream. */
export type UpstreamType = TypeAtUpstream & { readonly account: string; readonly profileType: string };

export type UpstreamChange = (upstream: Upstream) => Upstream;

export interface UpstreamStore {
  /** The upstreams of one account, or all; by account and name. */
  upstreams(account?: string): Promise<readonly Upstream[]>;
  upstream(account: string, name: string): Promise<Upstream | undefined>;
  /** `exists`: the account has an upstream of this name; `full`: it has `most` of them. Nothing was changed then. */
  addUpstream(upstream: Upstream, most: number): Promise<'added' | 'exists' | 'full'>;
  /** Reads, changes and writes in one transaction; resolves to the new upstream, undefined: there is none. Account and name stay. */
  updateUpstream(account: string, name: string, change: UpstreamChange): Promise<Upstream | undefined>;
  /**
   * Deletes the upstream and what says which types come from it, also if its record cannot be read. `inUse`: an operation at it has not ended, and
   * nothing was deleted.
   */
  deleteUpstream(account: string, name: string): Promise<'deleted' | 'unknown' | 'inUse'>;
  /** The types of one account that come from upstreams, by type. */
  upstreamTypes(account: string): Promise<readonly UpstreamType[]>;
  /** Where profiles of a type come from, if that is an upstream. */
  upstreamOfType(account: string, profileType: string): Promise<UpstreamType | undefined>;
  /** The types of all accounts of which some are kept ready. */
  typesKeptReady(): Promise<readonly UpstreamType[]>;
  /** A type comes from one upstream: the last one that was set. `unknown`: there is no such upstream; `full`: the account has `most` types. */
  setUpstreamType(type: UpstreamType, most: number): Promise<'set' | 'unknown' | 'full'>;
  /** `unknown`: the type does not come from this upstream. */
  deleteUpstreamType(account: string, upstream: string, profileType: string): Promise<'deleted' | 'unknown'>;
}

/** What decisions about profiles of upstreams read and save, and all that is known of an upstream: decisions see its rules only. */
export type GatewayStore = Omit<Store, keyof UpstreamStore> & UpstreamStore;
