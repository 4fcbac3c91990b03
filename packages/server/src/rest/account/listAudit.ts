import { timeOf } from '../../shapes/time.ts';
import type { AuditStore, StoredAuditEntry } from '../../store/ports/audit.ts';
import { operation, type Services } from '../frame/operation.ts';
import { AuditQuery, ListAuditResponse } from './schemas-audit.ts';

export const listAudit = operation({
  operationId: 'listAudit',
  method: 'GET',
  url: '/api/v1/esim/audit',
  summary: 'Who changed what with the keys of the account, from the first entry on',
  scope: 'admin',
  query: AuditQuery,
  answers: {
    200: { description: 'A page of entries', schema: ListAuditResponse },
    400: { description: 'A parameter is out of its range' },
  },
  respond: async ({ store }: Services<AuditStore>, { account, query: { cursor = '0', count = 100 } }) => {
    const found = await store.auditEntries(account, Number(cursor), count + 1);
    const entries = found.slice(0, count);
    return {
      entries: entries.map(entryResponse),
      next_cursor: String(entries.at(-1)?.id ?? cursor),
      more: found.length > count,
    };
  },
});

function entryResponse({
  id,
  at,
  keyId,
  address,
  operation: name,
  target,
  status,
  requestId,
}: StoredAuditEntry) {
  return {
    id,
    occurred_at: timeOf(at),
    ...(keyId !== undefined && { key_id: keyId }),
    ...(address !== undefined && { address }),
    operation: name,
    ...(target !== undefined && { target }),
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { request_id: requestId }),
  };
}
