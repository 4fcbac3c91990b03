/** Somebody did something, or tried to. Entries are added and never changed. */
export type AuditEntry = {
  /** Unix milliseconds. */
  readonly at: number;
  readonly account: string;
  /** The id of the API key; absent: at the command line on the server's machine. */
  readonly keyId?: string;
  readonly address?: string;
  /** The operationId of the REST API, or the command. */
  readonly operation: string;
  /** What the operation changed, such as an ICCID or the id of a key. */
  readonly target?: string;
  /** The HTTP status of the response; absent at the command line. */
  readonly status?: number;
  readonly requestId?: string;
};

export type StoredAuditEntry = AuditEntry & { readonly id: number };

export interface AuditStore {
  addAuditEntry(entry: AuditEntry): Promise<void>;
  /** The entries of one account with an id above `after`, by id, at most `count`. */
  auditEntries(account: string, after: number, count: number): Promise<readonly StoredAuditEntry[]>;
}
