import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Caller } from '@esim-rsp/smdp/env';
import {
  type CallFault,
  type Operation,
  type OperationId,
  type OperationKind,
  type OperationState,
  type OperationTerms,
  operationStates,
  type UpstreamFunction,
  upstreamFunctions,
} from '@esim-rsp/smdp/state/gateway/operation';
import type { Columns, Row } from '../column-types.ts';

export const operationColumns = {
  id: 'text',
  account: 'text',
  upstream: 'text',
  iccid: 'text?',
  profile_type: 'text?',
  kind: 'text',
  /** Names with spaces between them. */
  calls: 'text',
  step: 'integer',
  /** JSON; NULL: it has ended. It may have a confirmation code. */
  terms: 'secret text?',
  state: 'text',
  attempts: 'integer',
  /** The id of the API key. */
  caused_by: 'text?',
  requested_at: 'integer',
  next_attempt_at: 'integer',
  last_attempt_at: 'integer?',
  ended_at: 'integer?',
  fault_subject_code: 'text?',
  fault_reason_code: 'text?',
  fault_message: 'text?',
  /** The id of the API key. */
  settled_by: 'text?',
  settled_at: 'integer?',
  lease_node: 'text?',
  /** 0: not claimed. */
  lease_until: 'integer',
  version: 'integer',
} as const satisfies Columns;
export type OperationRow = Row<typeof operationColumns>;

export function operationToRow(operation: Operation): OperationRow {
  const { terms, fault, lease, caller } = operation;
  return {
    id: operation.id,
    account: operation.account,
    upstream: operation.upstream,
    iccid: operation.iccid ?? null,
    profile_type: operation.profileType ?? null,
    kind: operation.kind,
    calls: operation.calls.join(' '),
    step: operation.step,
    terms: terms === undefined ? null : JSON.stringify(terms),
    state: operation.state,
    attempts: operation.attempts,
    caused_by: caller !== undefined && 'keyId' in caller ? caller.keyId : null,
    requested_at: operation.requestedAt,
    next_attempt_at: operation.nextAttemptAt,
    last_attempt_at: operation.lastAttemptAt ?? null,
    ended_at: operation.endedAt ?? null,
    fault_subject_code: fault?.subjectCode ?? null,
    fault_reason_code: fault?.reasonCode ?? null,
    fault_message: fault?.message ?? null,
    settled_by: operation.settled?.keyId ?? null,
    settled_at: operation.settled?.at ?? null,
    lease_node: lease?.node ?? null,
    lease_until: lease?.until ?? 0,
    version: operation.version,
  };
}

export function operationFromRow(row: OperationRow): Operation {
  const state = row.state as OperationState;
  if (!operationStates.includes(state)) throw new Error(`operation ${row.id} has no state of that name`);
  const fault = faultFrom(row);
  return {
    id: row.id as OperationId,
    account: row.account,
    upstream: row.upstream,
    ...(row.iccid !== null && { iccid: row.iccid as Iccid }),
    ...(row.profile_type !== null && { profileType: row.profile_type }),
    kind: row.kind as OperationKind,
    calls: callsFrom(row),
    step: row.step,
    ...(row.terms !== null && { terms: JSON.parse(row.terms) as OperationTerms }),
    state,
    attempts: row.attempts,
    ...(row.caused_by !== null && { caller: { keyId: row.caused_by } satisfies Caller }),
    requestedAt: row.requested_at,
    nextAttemptAt: row.next_attempt_at,
    ...(row.last_attempt_at !== null && { lastAttemptAt: row.last_attempt_at }),
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
    ...(fault !== undefined && { fault }),
    ...(row.settled_at !== null && { settled: settledFrom(row, row.settled_at) }),
    ...(row.lease_node !== null && { lease: { node: row.lease_node, until: row.lease_until } }),
    version: row.version,
  };
}

function settledFrom({ settled_by }: OperationRow, at: number): Required<Operation>['settled'] {
  return { at, ...(settled_by !== null && { keyId: settled_by }) };
}

function callsFrom({ id, calls }: OperationRow): readonly UpstreamFunction[] {
  const names = calls.split(' ') as UpstreamFunction[];
  if (names.every((name) => upstreamFunctions.includes(name))) return names;
  throw new Error(`operation ${id} has a call of an unknown function`);
}

function faultFrom(row: OperationRow): CallFault | undefined {
  const { fault_subject_code, fault_reason_code, fault_message } = row;
  if (fault_message === null) return undefined;
  return {
    ...(fault_subject_code !== null && { subjectCode: fault_subject_code }),
    ...(fault_reason_code !== null && { reasonCode: fault_reason_code }),
    message: fault_message,
  };
}
