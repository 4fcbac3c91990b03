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
};

/** Exactly one certificate, by the SHA-256 of its DER, or every client certificate that a CA has issued. */
export type OperatorIdentity =
  | { readonly certificateSha256: Uint8Array }
  | { readonly caCertificate: Uint8Array };

export interface OperatorStore {
  /** All of them by name. */
  operators(): Promise<readonly Operator[]>;
  /** `exists`: there is one of that name already; nothing was changed. */
  addOperator(operator: Operator): Promise<'added' | 'exists'>;
  removeOperator(name: string): Promise<'removed' | 'unknown'>;
}
