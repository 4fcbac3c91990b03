import { makeUnprintable } from '@esim-rsp/sgp22/crypto/secret';
import type { ProgressStyle } from '@esim-rsp/sgp22/functions/es2plus';

/** An operator whose system may call ES2+, known by its TLS certificate. */
export type Operator = {
  /** Unique; chosen by people. */
  readonly name: string;
  /** The account whose profiles it orders. */
  readonly account: string;
  readonly identity: OperatorIdentity;
  /** The values it may send in functionRequesterIdentifier; at least one. */
  readonly requesterIdentifiers: readonly string[];
  /** Unix seconds. */
  readonly createdAt: number;
  /** Where downloads are reported to it (5.3.5); absent: nowhere. */
  readonly progress?: OperatorProgress;
};

export type OperatorProgress = {
  readonly url: string;
  readonly style: ProgressStyle;
  /** The TLS client certificate of this SM-DP+; absent: it shows none. */
  readonly client?: ClientIdentity;
  /** PEM of the CA to trust; absent: the public CAs. */
  readonly ca?: string;
  /** When it was set, in Unix milliseconds. */
  readonly from: number;
  /** The id of the last event before that: only later ones are reported. Absent (an earlier release wrote it): those since `from`. */
  readonly after?: number;
};

/** PEM. The key has no printable form. */
export type ClientIdentity = { readonly certificate: string; readonly key: string };

export function makeClientIdentity(certificate: string, key: string): ClientIdentity {
  return makeUnprintable('ClientIdentity', { certificate, key });
}

/** Exactly one certificate, by the SHA-256 of its DER, or every client certificate that a CA has issued. */
export type OperatorIdentity =
  | { readonly certificateSha256: Uint8Array }
  | { readonly caCertificate: Uint8Array };

export interface OperatorStore {
  /** All operators, by name. */
  operators(): Promise<readonly Operator[]>;
  operator(name: string): Promise<Operator | undefined>;
  /** `exists`: an operator has this name already; nothing was changed. */
  addOperator(operator: Operator): Promise<'added' | 'exists'>;
  /** Reads, changes and writes in one transaction; resolves to the new operator, undefined: there is none. */
  updateOperator(name: string, change: (operator: Operator) => Operator): Promise<Operator | undefined>;
  /** Also one whose record cannot be read. Resolves to its account; undefined: there is none. */
  deleteOperator(name: string): Promise<string | undefined>;
}
