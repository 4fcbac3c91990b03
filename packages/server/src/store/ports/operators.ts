import type { ProgressStyle } from '@esim-rsp/sgp22/functions/es2plus';

/** An operator system that may call ES2+, as its TLS certificate shows it. */
export type Operator = {
  /** What people call it; unique. */
  readonly name: string;
  /** The account whose profiles it orders. */
  readonly account: string;
  readonly identity: OperatorIdentity;
  /** What it may call itself in functionRequesterIdentifier: one at least. */
  readonly requesterIdentifiers: readonly string[];
  /** Unix seconds. */
  readonly createdAt: number;
  /** Where it wants to be told of downloads (5.3.5); absent: nowhere. */
  readonly progress?: OperatorProgress;
};

export type OperatorProgress = {
  readonly url: string;
  readonly style: ProgressStyle;
  /** How this SM-DP+ shows who it is; absent: not at all. */
  readonly client?: ClientIdentity;
  /** PEM of whom to trust; absent: the CAs that everybody trusts. */
  readonly ca?: string;
  /** It is told of what happens from then on, in Unix milliseconds. */
  readonly from: number;
};

/** PEM. The key has no printable form. */
export type ClientIdentity = { readonly certificate: string; readonly key: string };

/** Exactly one certificate, by the SHA-256 of its DER, or every client certificate that a CA has issued. */
export type OperatorIdentity =
  | { readonly certificateSha256: Uint8Array }
  | { readonly caCertificate: Uint8Array };

export interface OperatorStore {
  /** All of them by name. */
  operators(): Promise<readonly Operator[]>;
  /** `exists`: there is one of that name already; nothing was changed. */
  addOperator(operator: Operator): Promise<'added' | 'exists'>;
  /** Changes it in one transaction; resolves to what it is then, undefined: there is none. */
  changeOperator(name: string, change: (operator: Operator) => Operator): Promise<Operator | undefined>;
  removeOperator(name: string): Promise<'removed' | 'unknown'>;
}
