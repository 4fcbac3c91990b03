/** Somebody changed something, or tried to. */
export interface AuditEntry {
  /** Grows from entry to entry. */
  id: number;
  /** ISO 8601, in UTC. */
  occurred_at: string;
  /** Absent: at the command line beside the server. */
  key_id?: string;
  address?: string;
  /** The operation, or the command. */
  operation: string;
  /** What it was done to, such as an ICCID. */
  target?: string;
  /** HTTP status of the answer. */
  status?: number;
  request_id?: string;
}

export interface AuditQuery {
  /** `next_cursor` of the page before. */
  cursor?: string;
  /** 1 to 1000; 100 unless given. */
  count?: number;
}

export interface ListAuditResponse {
  entries: AuditEntry[];
  next_cursor: string;
  more: boolean;
}
