import type { StatusCode } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { JournalEntry } from '@esim-rsp/smdp/state/journal';
import type { OrderId } from '@esim-rsp/smdp/state/order';
import { askedIccidOf, type Session } from '@esim-rsp/smdp/state/session';
import type { Columns, Row } from './column-types.ts';
import { invalidRow, required } from './required.ts';

export const sessionColumns = {
  transaction_id: 'text',
  stage: 'text',
  smdp_ci_pk_id: 'bytes',
  /** Milliseconds. */
  expires_at: 'integer',
  version: 'integer',
  eid: 'text?',
  iccid: 'text?',
  order_id: 'text?',
  euicc_public_key: 'bytes?',
  smdp_signature2: 'bytes?',
  euicc_otpk: 'bytes?',
  /** JSON. */
  journal: 'text?',
  /** Milliseconds: the first entry of the journal. */
  opened_at: 'integer?',
  /** The profile that the session is about: only to search by, except for a refused session. */
  asked_iccid: 'text?',
  /** The codes of all refusals and failures, such as ' 8.2.7/3.8 ': only to search by. */
  reasons: 'text?',
} as const satisfies Columns;
export type SessionRow = Row<typeof sessionColumns>;
export const sessionColumnNames = Object.keys(sessionColumns) as (keyof SessionRow)[];

export function sessionToRow(session: Session): SessionRow {
  const authenticated = 'iccid' in session ? session : undefined;
  return {
    transaction_id: session.transactionId,
    stage: session.stage,
    smdp_ci_pk_id: session.smdpCiPKId,
    expires_at: session.expiresAt,
    version: session.version,
    eid: 'eid' in session ? session.eid : null,
    iccid: authenticated?.iccid ?? null,
    order_id: authenticated?.orderId ?? null,
    euicc_public_key: authenticated?.euiccPublicKey ?? null,
    smdp_signature2: authenticated?.smdpSignature2 ?? null,
    euicc_otpk: 'euiccOtpk' in session ? (session.euiccOtpk ?? null) : null,
    journal: session.journal === undefined ? null : JSON.stringify(session.journal),
    opened_at: session.journal?.[0]?.at ?? null,
    asked_iccid: askedIccidOf(session) ?? null,
    reasons: reasonsIn(session.journal ?? []),
  };
}

function reasonsIn(journal: readonly JournalEntry[]): string | null {
  const statuses = journal.flatMap(({ refused, ignored, reported }) => [refused, ignored, reported]);
  const codes = statuses.flatMap((status) => status ?? []).map(reasonText);
  return codes.length === 0 ? null : ` ${[...new Set(codes)].join(' ')} `;
}

function reasonText({ subjectCode, reasonCode }: Pick<StatusCode, 'subjectCode' | 'reasonCode'>): string {
  return `${subjectCode}/${reasonCode}`;
}

/** A row that fits no stage is a bug and throws. */
export function sessionFromRow(row: SessionRow): Session {
  const transaction = {
    transactionId: row.transaction_id as TransactionId,
    smdpCiPKId: row.smdp_ci_pk_id,
    expiresAt: row.expires_at,
    version: row.version,
    ...(row.journal !== null && { journal: JSON.parse(row.journal) as readonly JournalEntry[] }),
  };
  const stage = row.stage as Session['stage'];
  switch (stage) {
    case 'initiated':
      return { ...transaction, stage };
    case 'refused':
      return {
        ...transaction,
        stage,
        eid: required(row, 'eid') as Eid,
        ...(row.asked_iccid !== null && { askedFor: row.asked_iccid as Iccid }),
      };
    case 'authenticated':
    case 'bound':
    case 'cancelled':
    case 'ended':
      return {
        ...transaction,
        stage,
        eid: required(row, 'eid') as Eid,
        iccid: required(row, 'iccid') as Iccid,
        ...(row.order_id !== null && { orderId: row.order_id as OrderId }),
        euiccPublicKey: required(row, 'euicc_public_key'),
        smdpSignature2: required(row, 'smdp_signature2'),
        ...(row.euicc_otpk !== null && { euiccOtpk: row.euicc_otpk }),
      };
    default:
      throw invalidRow(row, `has no stage of that name (${stage satisfies never})`);
  }
}
