import type { ReasonCode, SubjectCode } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { RefusedCall } from '../ports/refused-calls.ts';
import type { Columns, Numbered, Row } from './column-types.ts';

/** The database numbers the rows. */
export const refusedCallColumns = {
  /** Milliseconds. */
  at: 'integer',
  address: 'text',
  function: 'text',
  subject_code: 'text',
  reason_code: 'text',
  message: 'text',
  check_key: 'text?',
  transaction_id: 'text?',
  /** Hexadecimal, with a space between two. */
  ci_pk_ids: 'text',
  skipped: 'integer',
  claimed_eid: 'text?',
  claimed_iccid: 'text?',
} as const satisfies Columns;
export type NewRefusedCallRow = Row<typeof refusedCallColumns>;
export type RefusedCallRow = Numbered<NewRefusedCallRow>;

export function refusedCallToRow({
  refused,
  check,
  transactionId,
  ciPKIds,
  claimedEid,
  claimedIccid,
  ...call
}: RefusedCall): NewRefusedCallRow {
  return {
    ...call,
    subject_code: refused.subjectCode,
    reason_code: refused.reasonCode,
    message: refused.message,
    check_key: check ?? null,
    transaction_id: transactionId ?? null,
    ci_pk_ids: ciPKIds.join(' '),
    claimed_eid: claimedEid ?? null,
    claimed_iccid: claimedIccid ?? null,
  };
}

export function refusedCallFromRow(row: RefusedCallRow): RefusedCall {
  return {
    at: row.at,
    address: row.address,
    function: row.function,
    refused: {
      subjectCode: row.subject_code as SubjectCode,
      reasonCode: row.reason_code as ReasonCode,
      message: row.message,
    },
    ...(row.check_key !== null && { check: row.check_key }),
    ...(row.transaction_id !== null && { transactionId: row.transaction_id as TransactionId }),
    ciPKIds: row.ci_pk_ids === '' ? [] : row.ci_pk_ids.split(' '),
    ...(row.claimed_eid !== null && { claimedEid: row.claimed_eid as Eid }),
    ...(row.claimed_iccid !== null && { claimedIccid: row.claimed_iccid as Iccid }),
    skipped: row.skipped,
  };
}
