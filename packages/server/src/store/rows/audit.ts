import type { AuditEntry, StoredAuditEntry } from '../ports/audit.ts';
import type { Columns, Numbered, Row } from './column-types.ts';

/** The database numbers the rows. */
export const auditColumns = {
  at: 'integer',
  account: 'text',
  key_id: 'text?',
  address: 'text?',
  operation: 'text',
  /** The first one. */
  target: 'text?',
  status: 'integer?',
  request_id: 'text?',
  operator: 'text?',
  code: 'text?',
  /** The targets after the first, one per line. */
  more_targets: 'text?',
  target_count: 'integer?',
  erased_at: 'integer?',
  reason: 'text?',
} as const satisfies Columns;
export type NewAuditRow = Row<typeof auditColumns>;
export type AuditRow = Numbered<NewAuditRow>;

/** Finds the entries of a target. */
export const auditTargetColumns = {
  account: 'text',
  target: 'text',
  entry: 'integer',
} as const satisfies Columns;
export type AuditTargetRow = Row<typeof auditTargetColumns>;

export function auditToRow({ at, account, operation, targets, ...entry }: AuditEntry): NewAuditRow {
  const [target, ...more] = targets;
  return {
    at,
    account,
    key_id: entry.keyId ?? null,
    address: entry.address ?? null,
    operation,
    target: target ?? null,
    status: entry.status ?? null,
    request_id: entry.requestId ?? null,
    operator: entry.operator ?? null,
    code: entry.code ?? null,
    more_targets: more.length === 0 ? null : more.join('\n'),
    target_count: entry.targetCount ?? null,
    erased_at: entry.erasedAt ?? null,
    reason: entry.reason ?? null,
  };
}

export function auditFromRow(row: AuditRow): StoredAuditEntry {
  const more = row.more_targets?.split('\n') ?? [];
  return {
    id: row.id,
    at: row.at,
    account: row.account,
    ...(row.key_id !== null && { keyId: row.key_id }),
    ...(row.operator !== null && { operator: row.operator }),
    ...(row.address !== null && { address: row.address }),
    operation: row.operation,
    targets: row.target === null ? [] : [row.target, ...more],
    ...(row.target_count !== null && { targetCount: row.target_count }),
    ...(row.status !== null && { status: row.status }),
    ...(row.code !== null && { code: row.code }),
    ...(row.request_id !== null && { requestId: row.request_id }),
    ...(row.erased_at !== null && { erasedAt: row.erased_at }),
    ...(row.reason !== null && { reason: row.reason }),
  };
}
