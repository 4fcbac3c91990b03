import type { IdempotentRequest } from '../ports/idempotency.ts';

export const idempotencyColumns = {
  account: 'text',
  key: 'text',
  fingerprint: 'text',
  begun_at: 'integer',
  status: 'integer?',
  sealed: 'bytes?',
} as const;

export type IdempotencyRow = {
  readonly account: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly begun_at: number;
  readonly status: number | null;
  readonly sealed: Uint8Array | null;
};

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
