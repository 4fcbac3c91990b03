import type { AuditEntry, StoredAuditEntry } from '../ports/audit.ts';
import type { Columns, Numbered, Row } from './column-types.ts';

/** The database numbers the rows. */
export const auditColumns = {
  at: 'integer',
  account: 'text',
  key_id: 'text?',
  address: 'text?',
  operation: 'text',
  target: 'text?',
  status: 'integer?',
  request_id: 'text?',
} as const satisfies Columns;
export type NewAuditRow = Row<typeof auditColumns>;
export type AuditRow = Numbered<NewAuditRow>;

export function auditToRow({ at, account, operation, ...entry }: AuditEntry): NewAuditRow {
  return {
    at,
    account,
    key_id: entry.keyId ?? null,
    address: entry.address ?? null,
    operation,
    target: entry.target ?? null,
    status: entry.status ?? null,
    request_id: entry.requestId ?? null,
  };
}

export function auditFromRow(row: AuditRow): StoredAuditEntry {
  return {
    id: row.id,
    at: row.at,
    account: row.account,
    ...(row.key_id !== null && { keyId: row.key_id }),
    ...(row.address !== null && { address: row.address }),
    operation: row.operation,
    ...(row.target !== null && { target: row.target }),
    ...(row.status !== null && { status: row.status }),
    ...(row.request_id !== null && { requestId: row.request_id }),
  };
}
