import { Type } from '@sinclair/typebox';
import { actedBy } from '../../shapes/acted-by.ts';
import { Time, timeOf } from '../../shapes/time.ts';
import { MOST_TARGETS, type StoredAuditEntry } from '../../store/ports/audit.ts';

export const entryExample = {
  id: 42,
  occurred_at: '2026-03-01T10:00:00.000Z',
  key_id: '5d1c9a72f04be138',
  address: '192.0.2.7',
  operation: 'orderEUICCProfile',
  target: '8900101000000000017',
  status: 200,
  request_id: '3f1c9a52-8a1e-4d0e-9a57-0c7b1f0f6a11',
};

export const AuditEntry = Type.Object(
  {
    id: Type.Integer({ description: 'Number of the entry: later entries have higher numbers' }),
    occurred_at: Time('When it happened'),
    key_id: Type.Optional(
      Type.String({
        description:
          'The id of the API key; absent: a person, a command run on the machine of the server, an operator, or a refused caller',
      }),
    ),
    person_id: Type.Optional(Type.String({ description: 'The id of the person who had signed in' })),
    person: Type.Optional(Type.String({ description: 'The name of this person; absent: they were deleted' })),
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
    erased_at: Type.Optional(
      Time(
        'When its content was erased (eraseAuditEntry): only the time, the operation and the status are left',
      ),
    ),
    reason: Type.Optional(
      Type.String({ description: 'Why the entry that `target` names was erased (eraseLogEntries)' }),
    ),
  },
  {
    $id: 'AuditEntry',
    description: 'Something that somebody did, or tried to do and was refused',
    examples: [entryExample],
  },
);

/** An audit entry as an answer has it. `names`: those of people, by their ids. */
export function entryResponse(entry: StoredAuditEntry, names: ReadonlyMap<string, string> = new Map()) {
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
    erasedAt,
    reason,
  } = entry;
  const [target] = targets;
  const person = names.get(keyId ?? '');
  return {
    id,
    occurred_at: timeOf(at),
    ...actedBy(keyId),
    ...(person !== undefined && { person }),
    ...(operator !== undefined && { operator }),
    ...(address !== undefined && { address }),
    operation: name,
    ...(target !== undefined && { target }),
    ...(targets.length > 1 && { targets: [...targets] }),
    ...(targetCount !== undefined && { target_count: targetCount }),
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code }),
    ...(requestId !== undefined && { request_id: requestId }),
    ...(erasedAt !== undefined && { erased_at: timeOf(erasedAt) }),
    ...(reason !== undefined && { reason }),
  };
}
