import {
  functionOf,
  isOpen,
  NEVER,
  type Operation,
  type OperationId,
  operationStates,
  upstreamFunctions,
} from '@esim-rsp/smdp/state/gateway/operation';
import { type Static, Type } from '@sinclair/typebox';
import { about, closed, inWords, literals, named } from '../../shapes/shape.ts';
import { Time, timeOf } from '../../shapes/time.ts';
import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import type { Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { OperationKind } from './pending-operation.ts';

export const OPERATIONS = '/api/v1/esim/operations';
const exampleId = 'op_019c9b1e5d4007070707070707070707';

export const OperationParams = Type.Object(
  {
    operation: Type.String({
      pattern: '^op_[0-9a-f]{32}$',
      ...inWords('the id of an operation'),
      description: 'The id of the operation',
      examples: [exampleId],
    }),
  },
  closed,
);

export const OperationState = named(
  'OperationState',
  literals(
    operationStates,
    'waiting: the next call to the upstream has not been sent; sent: it is in progress; unknown: no answer came, so it may have been done; done; refused: by the upstream, and nothing was done; failed: the upstream has chosen a profile that cannot be the one of the order, and may keep it reserved',
  ),
);

export const OperationError = named(
  'OperationError',
  Type.Object(
    {
      message: Type.String({ description: 'What the upstream has said, or why there was no answer' }),
      subject_code: Type.Optional(Type.String({ description: 'The subject code of the upstream' })),
      reason_code: Type.Optional(Type.String({ description: 'The reason code of the upstream' })),
    },
    { description: 'Why a call was not done, or is not known to be' },
  ),
);

export const UpstreamOperation = Type.Object(
  {
    id: Type.String({ description: 'The id of the operation' }),
    upstream: Type.String({ description: 'The upstream' }),
    iccid: Type.Optional(
      Type.String({ description: 'The Profile; absent until the upstream has named one' }),
    ),
    profile_type: Type.Optional(
      Type.String({ description: 'The type that was ordered, if no Profile was named' }),
    ),
    operation: about('What was requested', OperationKind),
    state: about('How far it is', OperationState),
    call: literals(upstreamFunctions, 'The present call of ES2+, or the last one that was made'),
    attempts: Type.Integer({ description: 'How often that call was tried' }),
    requested_at: Time('When it was requested'),
    last_attempt_at: Type.Optional(Time('When the call was tried last')),
    next_attempt_at: Type.Optional(
      Time('When it is tried again; absent of an unknown one: it waits until an admin settles it'),
    ),
    ended_at: Type.Optional(Time('When it ended')),
    settled_at: Type.Optional(Time('When somebody said what an unknown outcome was')),
    settled_by: Type.Optional(
      Type.String({ description: 'The id of the API key of that one, as in the audit log' }),
    ),
    error: Type.Optional(
      about(
        'Why it was refused, or why the last attempt did not end well; of one that is done, a warning',
        OperationError,
      ),
    ),
  },
  {
    $id: 'UpstreamOperation',
    description: 'Something that was requested from an upstream',
    examples: [
      {
        id: exampleId,
        upstream: 'vendor',
        iccid: '8900101000000000017',
        operation: 'order',
        state: 'unknown',
        call: 'confirmOrder',
        attempts: 2,
        requested_at: '2026-03-01T10:00:00.000Z',
        last_attempt_at: '2026-03-01T10:00:31.000Z',
        next_attempt_at: '2026-03-01T10:00:33.000Z',
        error: { message: 'no response in time' },
      },
    ],
  },
);
export type UpstreamOperation = Static<typeof UpstreamOperation>;

export function operationResponse(operation: Operation): UpstreamOperation {
  const { id, upstream, iccid, profileType, kind, state, attempts, fault } = operation;
  const { requestedAt, lastAttemptAt, nextAttemptAt, endedAt, settled } = operation;
  const isPlanned = isOpen(operation) && nextAttemptAt !== NEVER;
  return {
    id,
    upstream,
    ...(iccid !== undefined && { iccid }),
    ...(profileType !== undefined && { profile_type: profileType }),
    operation: kind,
    state,
    call: functionOf(operation),
    attempts,
    requested_at: timeOf(requestedAt),
    ...(lastAttemptAt !== undefined && { last_attempt_at: timeOf(lastAttemptAt) }),
    ...(isPlanned && { next_attempt_at: timeOf(nextAttemptAt) }),
    ...(endedAt !== undefined && { ended_at: timeOf(endedAt) }),
    ...(settled !== undefined && { settled_at: timeOf(settled.at) }),
    ...(settled?.keyId !== undefined && { settled_by: settled.keyId }),
    ...(fault !== undefined && { error: errorResponse(fault) }),
  };
}

/** The codes of the upstream, as it sent them, and a text. */
export function errorResponse({ message, subjectCode, reasonCode }: NonNullable<Operation['fault']>) {
  return {
    message,
    ...(subjectCode !== undefined && { subject_code: subjectCode }),
    ...(reasonCode !== undefined && { reason_code: reasonCode }),
  };
}

/** The caller's operation; one of another account is not found. */
export async function ownedOperation(
  { store }: Services<Pick<OperationStore, 'operation'>>,
  account: string,
  id: string,
): Promise<Operation> {
  const operation = await store.operation(id as OperationId);
  if (operation?.account === account) return operation;
  throw new HttpProblem(
    404,
    'operation_not_found',
    `there is no operation ${id}: GET /operations lists yours`,
  );
}
