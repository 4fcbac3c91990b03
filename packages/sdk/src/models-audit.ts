/** Somebody changed something, or tried to. */
export interface AuditEntry {
  /** Grows from entry to entry. */
  id: number;
  /** ISO 8601, in UTC. */
  time: string;
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
  /** Only entries with a higher id. */
  after?: number;
  /** 1 to 1000; 100 unless given. */
  count?: number;
}

export interface ListAuditResponse {
  entries: AuditEntry[];
  /** What to ask for as `after` next. */
  last_id: number;
  more: boolean;
}
