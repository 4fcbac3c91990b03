import { Type } from '@sinclair/typebox';
import { about, Count, Cursor, closed, named } from '../../shapes/shape.ts';
import { Time, timeOf } from '../../shapes/time.ts';
import type { AuditStore, StoredAuditEntry } from '../../store/ports/audit.ts';
import { operation, type Services } from '../frame/operation.ts';

const entryExample = {
  id: 42,
  occurred_at: '2026-03-01T10:00:00.000Z',
  key_id: '5d1c9a72f04be138',
  address: '192.0.2.7',
  operation: 'orderEUICCProfile',
  target: '8900101000000000017',
  status: 200,
  request_id: '3f1c9a52-8a1e-4d0e-9a57-0c7b1f0f6a11',
};

const AuditEntry = Type.Object(
  {
    id: Type.Integer({ description: 'Number of the entry: later entries have higher numbers' }),
    occurred_at: Time('When it happened'),
    key_id: Type.Optional(
      Type.String({
        description: 'The id of the API key; absent: a command run on the machine of the server',
      }),
    ),
    address: Type.Optional(Type.String({ description: 'The IP address of the caller' })),
    operation: Type.String({ description: 'The operation, or the command' }),
    target: Type.Optional(Type.String({ description: 'What it changed, such as an ICCID' })),
    status: Type.Optional(Type.Integer({ description: 'The HTTP status of the answer' })),
    request_id: Type.Optional(Type.String({ description: 'x-request-id of the answer' })),
  },
  {
    $id: 'AuditEntry',
    description: 'A change that somebody made or tried to make',
    examples: [entryExample],
  },
);

const AuditQuery = named(
  'AuditQuery',
  Type.Object(
    {
      cursor: Type.Optional(
        about('next_cursor of the previous page; without it, from the first entry on', Cursor),
      ),
      count: Type.Optional(Count),
    },
    { ...closed, description: 'Which entries a page has' },
  ),
);

const ListAuditResponse = Type.Object(
  {
    entries: Type.Array(AuditEntry, { description: 'The entries' }),
    next_cursor: Type.String({ description: 'The cursor of the next page, also when it has no entries yet' }),
    more: Type.Boolean({ description: 'Whether there are more entries already' }),
  },
  {
    $id: 'ListAuditResponse',
    description: 'A page of the audit log, the oldest entry first',
    examples: [{ entries: [entryExample], next_cursor: '42', more: false }],
  },
);

export const listAudit = operation({
  operationId: 'listAudit',
  method: 'GET',
  url: '/api/v1/esim/audit',
  summary: 'List who changed what in the account',
  permissions: ['admin'],
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
