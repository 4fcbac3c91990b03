import { type Static, Type } from '@sinclair/typebox';
import { closed, inWords, named } from '../../shapes/shape.ts';
import { Time, timeOf } from '../../shapes/time.ts';
import { type AuditStore, MOST_TARGETS, type StoredAuditEntry } from '../../store/ports/audit.ts';
import { logFilters, logPaging, logPlace, placeAfter, rangeIn } from '../frame/log-query.ts';
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
        description:
          'The id of the API key; absent: a command run on the machine of the server, an operator, or a refused caller',
      }),
    ),
    address: Type.Optional(Type.String({ description: 'The IP address of the caller' })),
    operator: Type.Optional(Type.String({ description: 'The operator that called ES2+' })),
    operation: Type.String({
      description: 'The operationId, the function of ES2+ (such as ES2+.DownloadOrder), or the command',
    }),
    target: Type.Optional(
      Type.String({ description: 'What it concerned, such as an ICCID or the id of a key' }),
    ),
    targets: Type.Optional(
      Type.Array(Type.String(), {
        description: `Everything that it concerned, if more than target: what it created comes last. At most ${MOST_TARGETS}`,
      }),
    ),
    target_count: Type.Optional(
      Type.Integer({ description: 'How many targets there were, if not all are listed' }),
    ),
    status: Type.Optional(Type.Integer({ description: 'The HTTP status of the answer' })),
    code: Type.Optional(
      Type.String({
        description: 'Why it was refused: the code of the error, or the subject and reason code of ES2+',
      }),
    ),
    request_id: Type.Optional(Type.String({ description: 'x-request-id of the answer' })),
  },
  {
    $id: 'AuditEntry',
    description: 'Something that somebody did, or tried to do and was refused',
    examples: [entryExample],
  },
);

const { sort, ...times } = logFilters('entries', 'newest');

const AuditQuery = named(
  'AuditQuery',
  Type.Object(
    {
      ...logPaging('an entry'),
      key_id: Type.Optional(
        Type.String({
          pattern: '^[0-9a-f]{16}$',
          ...inWords('16 hexadecimal digits in lower case'),
          description: 'Only what was done with this API key',
        }),
      ),
      operator: Type.Optional(
        Type.String({ minLength: 1, maxLength: 128, description: 'Only calls of this operator' }),
      ),
      operation: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 128,
          description: 'Only this operation, function or command',
        }),
      ),
      target: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 128,
          description: 'Only what concerned this, such as an ICCID',
        }),
      ),
      since: times.since,
      until: times.until,
      sort,
    },
    { ...closed, description: 'Which entries a page has' },
  ),
);

const ListAuditResponse = Type.Object(
  {
    entries: Type.Array(AuditEntry, { description: 'The entries' }),
    ...logPlace('entries'),
  },
  {
    $id: 'ListAuditResponse',
    description: 'A page of the audit log, the newest entry first unless the request says otherwise',
    examples: [{ entries: [entryExample], more: false }],
  },
);

export const listAudit = operation({
  operationId: 'listAudit',
  method: 'GET',
  url: '/api/v1/esim/audit',
  summary:
    'List who did what in the account, the newest first: changes, reading of secrets, and refused calls',
  isLong: true,
  permissions: ['admin'],
  query: AuditQuery,
  answers: {
    200: { description: 'A page of entries', schema: ListAuditResponse },
    400: { description: 'A parameter is out of its range' },
  },
  respond: async ({ store }: Services<AuditStore>, { account, query }) => {
    const page = await store.auditEntries({ ...filterOf(query), account });
    return { entries: page.items.map(entryResponse), ...placeAfter(page) };
  },
});

function filterOf({ key_id, operator, operation: name, target, ...range }: Static<typeof AuditQuery>) {
  return {
    ...rangeIn(range, { usual: 'newest', byNumber: target !== undefined }),
    ...(key_id !== undefined && { keyId: key_id }),
    ...(operator !== undefined && { operator }),
    ...(name !== undefined && { operation: name }),
    ...(target !== undefined && { target }),
  };
}

function entryResponse(entry: StoredAuditEntry) {
  const {
    id,
    at,
    keyId,
    operator,
    address,
    operation: name,
    targets,
    targetCount,
    status,
    code,
    requestId,
  } = entry;
  const [target] = targets;
  return {
    id,
    occurred_at: timeOf(at),
    ...(keyId !== undefined && { key_id: keyId }),
    ...(operator !== undefined && { operator }),
    ...(address !== undefined && { address }),
    operation: name,
    ...(target !== undefined && { target }),
    ...(targets.length > 1 && { targets: [...targets] }),
    ...(targetCount !== undefined && { target_count: targetCount }),
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code }),
    ...(requestId !== undefined && { request_id: requestId }),
  };
}
