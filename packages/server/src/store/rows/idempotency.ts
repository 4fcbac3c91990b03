import type { Change } from '@esim-rsp/smdp/state/change';
import type { IdempotentRequest, WorkDone } from '../ports/idempotency.ts';
import type { Columns, Row } from './column-types.ts';

export const idempotencyColumns = {
  account: 'text',
  key: 'text',
  fingerprint: 'text',
  begun_at: 'integer',
  status: 'integer?',
  /** Sealed with the API key of its caller, which the store does not have. */
  sealed: 'bytes?',
  /** How its work has ended: `created` some profiles, or `changed` something else. */
  done: 'text?',
  /** What it created or requested. */
  done_id: 'text?',
} as const satisfies Columns;
export type IdempotencyRow = Row<typeof idempotencyColumns>;

/** The profiles that a kept answer shows, or that the work of a request has changed. */
export const idempotencyTargetColumns = {
  account: 'text',
  iccid: 'text',
  key: 'text',
} as const satisfies Columns;
export type IdempotencyTargetRow = Row<typeof idempotencyTargetColumns>;

export function idempotentToRow({
  account,
  key,
  fingerprint,
  begunAt,
  answer,
}: IdempotentRequest): IdempotencyRow {
  return {
    account,
    key,
    fingerprint,
    begun_at: begunAt,
    status: answer?.status ?? null,
    sealed: answer?.sealed ?? null,
    done: null,
    done_id: null,
  };
}

/** `targets`: the rows of its profiles. */
export function idempotentFromRow(
  { account, key, fingerprint, begun_at, status, sealed, done, done_id }: IdempotencyRow,
  targets: readonly Pick<IdempotencyTargetRow, 'iccid'>[],
): IdempotentRequest {
  const iccids = targets.map(({ iccid }) => iccid).sort();
  const id = done_id === null ? {} : { id: done_id };
  return {
    account,
    key,
    fingerprint,
    begunAt: begun_at,
    ...(done !== null && { done: { ...id, iccids, createdProfiles: done === 'created' } }),
    ...(status !== null && sealed !== null && { answer: { status, sealed } }),
  };
}

/** What a save does, for the request that asked for it. */
export function workIn(changes: readonly Change[]): WorkDone {
  const profiles = changes.flatMap((change) => ('profile' in change ? [change.profile] : []));
  const operation = changes.find((change) => 'operation' in change)?.operation;
  return {
    ...(operation !== undefined && { id: operation.id }),
    iccids: [...new Set(profiles.map(({ iccid }) => iccid))],
    createdProfiles: profiles.some(({ version }) => version === 0),
  };
}

export function doneInRow({ createdProfiles = false }: Partial<WorkDone>): string {
  return createdProfiles ? 'created' : 'changed';
}
