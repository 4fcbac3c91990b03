/** Somebody did something, or tried to. Entries are added, and never changed. */
export type AuditEntry = {
  /** Unix milliseconds. */
  readonly at: number;
  readonly account: string;
  /** The id of the key that was shown; absent: at the command line beside the server. */
  readonly keyId?: string;
  readonly address?: string;
  /** The operation by its name in the API, or the command line. */
  readonly operation: string;
  /** What it was done to, such as an ICCID or the id of a key. */
  readonly target?: string;
  /** The HTTP status of the answer; absent at the command line. */
  readonly status?: number;
  readonly requestId?: string;
};

export type StoredAuditEntry = AuditEntry & { readonly id: number };

export interface AuditStore {
  addAuditEntry(entry: AuditEntry): Promise<void>;
  /** Of one account, those with a higher number than `after`, in their order, at most `count`. */
  auditEntries(account: string, after: number, count: number): Promise<readonly StoredAuditEntry[]>;
}
