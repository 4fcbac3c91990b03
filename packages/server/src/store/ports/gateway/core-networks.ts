import { makeUnprintable } from '@esim-rsp/sgp22/crypto/secret';
import type { NewDelivery } from '../outbox.ts';

/** The core networks that subscriptions can be sent to. */
export const coreKinds = [
  'osmohlr',
  'pyhss',
  'free5gc',
  'open5gs',
  'open5gs_file',
  'magma',
  'srsran_csv',
  'csv',
  'push',
] as const;
export type CoreKind = (typeof coreKinds)[number];

/** From when on a subscription is in the core network. */
export const coreTimes = ['stocked', 'ordered', 'released'] as const;
export type CoreTime = (typeof coreTimes)[number];

/** What a core network gets with every subscription. */
export type SubscriptionTerms = {
  /** Authentication management field: 4 hexadecimal digits. */
  readonly amf: string;
  /** The sequence number that a new subscription starts with. */
  readonly sqn: number;
  /** APN, or DNN. */
  readonly apn: string;
  /** Slice: SST 1 to 255, and SD of 6 hexadecimal digits. */
  readonly sst: number;
  readonly sd?: string;
  readonly ambrDownlinkMbps: number;
  readonly ambrUplinkMbps: number;
};

/** Columns that a CSV file can have. */
export const coreColumns = [
  'iccid',
  'imsi',
  'msisdn',
  'algorithm',
  'ki',
  'opc',
  'amf',
  'sqn',
  'apn',
  'sst',
  'sd',
] as const;
export type CoreColumn = (typeof coreColumns)[number];

/** What proves to the core network who sends, as far as the kind needs it. It has no printable form. */
export type CoreCredentials = {
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** PEM. */
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  /** `whsec_` and base64: signs what is pushed. */
  readonly secret?: string;
};

export function makeCoreCredentials(credentials: CoreCredentials): CoreCredentials {
  return makeUnprintable('CoreCredentials', { ...credentials });
}

/** What requests can change. */
export type CoreSettings = {
  readonly when: CoreTime;
  /** Whether a subscription is removed when its profile is out of use. */
  readonly remove: boolean;
  /** Empty: profiles of every type, and of none. */
  readonly profileTypes: readonly string[];
  readonly terms: SubscriptionTerms;
  /** PEM of the CAs to trust; absent: the public CAs. */
  readonly ca?: string;
  /** MCC and MNC that subscriptions belong to; absent: those of each IMSI. */
  readonly plmn?: string;
  /** The network of a core network that has several. */
  readonly network?: string;
  /** Of a CSV file. */
  readonly columns?: readonly CoreColumn[];
};

/** The core network of an account, which gets the subscriptions of its profiles. */
export type CoreNetwork = {
  readonly account: string;
  /** Unique in the account; chosen by people. */
  readonly name: string;
  readonly kind: CoreKind;
  /** Empty: a file of this server. */
  readonly url: string;
  readonly settings: CoreSettings;
  readonly credentials: CoreCredentials;
  /** The id of the last event before it was created: only later ones are sent. */
  readonly after: number;
  /** Every attempt has failed since then. `isReported`: an alert was sent. */
  readonly failing?: { readonly since: number; readonly error: string; readonly isReported: boolean };
  /** Unix milliseconds. */
  readonly createdAt: number;
};

/** A subscription that a core network has, or may have: it was sent at least once. */
export type CoreSubscriber = {
  readonly account: string;
  readonly coreNetwork: string;
  readonly imsi: string;
  /** The profile that it was sent for last. */
  readonly iccid: string;
  /** Unix milliseconds. */
  readonly sentAt: number;
};

export type CoreNetworkChange = (core: CoreNetwork) => CoreNetwork;

/** The target of its deliveries. */
export function coreTarget({ account, name }: Pick<CoreNetwork, 'account' | 'name'>): string {
  return `${account}/${name}`;
}

export interface CoreNetworkStore {
  /** The core networks of one account, or all; by account and name. */
  coreNetworks(account?: string): Promise<readonly CoreNetwork[]>;
  coreNetwork(account: string, name: string): Promise<CoreNetwork | undefined>;
  /** `exists`: the account has one of this name; `full`: it has `most` of them. Nothing was changed then. */
  addCoreNetwork(core: CoreNetwork, most: number): Promise<'added' | 'exists' | 'full'>;
  /**
   * Reads, changes and writes in one transaction; resolves to the new record, undefined: there is none. Account and name stay. `alongside`: the
   * deliveries that the change causes, added in the same transaction.
   */
  updateCoreNetwork(
    account: string,
    name: string,
    change: CoreNetworkChange,
    alongside?: (before: CoreNetwork, after: CoreNetwork) => readonly NewDelivery[],
  ): Promise<CoreNetwork | undefined>;
  /** Deletes the record, what it says about subscribers, and its deliveries; also if it cannot be read. */
  deleteCoreNetwork(account: string, name: string): Promise<'deleted' | 'unknown'>;
  /** The subscriptions that were sent for a profile; usually one. */
  coreSubscribers(account: string, coreNetwork: string, iccid: string): Promise<readonly CoreSubscriber[]>;
  /** An IMSI belongs to the profile that it was sent for last. Nothing changes if there is no such core network. */
  putCoreSubscriber(subscriber: CoreSubscriber): Promise<void>;
  /** Nothing changes if the IMSI belongs to another profile now. */
  deleteCoreSubscriber(subscriber: Omit<CoreSubscriber, 'sentAt'>): Promise<void>;
}
