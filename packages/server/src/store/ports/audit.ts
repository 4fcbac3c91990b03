import type { NotFromCaller } from '@esim-rsp/smdp/from-caller';
import type { LogPage, LogRange } from './log-page.ts';

/** Somebody did something, or tried to. Entries are added and never changed. */
export type AuditEntry = {
  /** Unix milliseconds. */
  readonly at: number;
  /** Empty: a refused caller whose account is not known. */
  readonly account: string;
  /** The id of the API key. Neither key nor operator: at the command line on the server's machine, or a refused caller. */
  readonly keyId?: string;
  /** The name of the operator that called ES2+. */
  readonly operator?: string;
  readonly address?: string;
  /** The operationId of the REST API, the function of ES2+, or the command. */
  readonly operation: string;
  /** What it concerned, such as ICCIDs and ids of keys: first what the request named, then what it created. At most `MOST_TARGETS`. */
  readonly targets: readonly string[];
  /** How many targets there were, if there were more than `targets`. */
  readonly targetCount?: number;
  /** The HTTP status of the response; absent at the command line. */
  readonly status?: number;
  /** Why it was refused: the word for programs, or the subject and reason code of ES2+. */
  readonly code?: string;
  readonly requestId?: string;
  /** Unix milliseconds: when its content was erased. Account, time, operation and status are left. */
  readonly erasedAt?: number;
  /** Why content of other entries was erased. */
  readonly reason?: string;
};

export const MOST_TARGETS = 250;

export type StoredAuditEntry = AuditEntry & { readonly id: number };

export type AuditFilter = NotFromCaller &
  LogRange & {
    readonly account: string;
    readonly keyId?: string;
    readonly operator?: string;
    readonly operation?: string;
    /** Only entries that concerned it. */
    readonly target?: string;
  };

export interface AuditStore {
  addAuditEntry(entry: AuditEntry): Promise<void>;
  /** Without `sort`, the newest first. */
  auditEntries(filter: AuditFilter): Promise<LogPage<StoredAuditEntry>>;
}
