import type { IdempotentRequest } from '../ports/idempotency.ts';
import type { Columns, Row } from './column-types.ts';

export const idempotencyColumns = {
  account: 'text',
  key: 'text',
  fingerprint: 'text',
  begun_at: 'integer',
  status: 'integer?',
  /** Sealed with the API key of its caller, which the store does not have. */
  sealed: 'bytes?',
} as const satisfies Columns;
export type IdempotencyRow = Row<typeof idempotencyColumns>;

/** The profiles that a kept answer shows. */
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
  };
}

export function idempotentFromRow({
  account,
  key,
  fingerprint,
  begun_at,
  status,
  sealed,
}: IdempotencyRow): IdempotentRequest {
  return {
    account,
    key,
    fingerprint,
    begunAt: begun_at,
    ...(status !== null && sealed !== null && { answer: { status, sealed } }),
  };
}
