import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { JournalEntry } from '@esim-rsp/smdp/state/journal';
import type { OrderId } from '@esim-rsp/smdp/state/order';
import type { Session } from '@esim-rsp/smdp/state/session';
import { type SessionRow, sessionColumnNames } from './columns.ts';
import { given, violated } from './given.ts';
import { namedBy } from './named.ts';

export function sessionToRow(session: Session): SessionRow {
  const initiated = session.stage === 'initiated' ? session : undefined;
  const known = session.stage === 'initiated' ? undefined : session;
  return {
    transaction_id: session.transactionId,
    stage: session.stage,
    smdp_ci_pk_id: session.smdpCiPKId,
    expires_at: session.expiresAt,
    version: session.version,
    server_challenge: initiated?.serverChallenge ?? null,
    server_address: initiated?.serverAddress ?? null,
    euicc_ci_pk_id_to_be_used: initiated?.euiccCiPKIdToBeUsed ?? null,
    eid: known?.eid ?? null,
    iccid: known?.iccid ?? null,
    order_id: known?.orderId ?? null,
    euicc_public_key: known?.euiccPublicKey ?? null,
    smdp_signature2: known?.smdpSignature2 ?? null,
    journal: session.journal === undefined ? null : JSON.stringify(session.journal),
    opened_at: session.journal?.[0]?.at ?? null,
  };
}

const sessionRowOf = namedBy<SessionRow>(sessionColumnNames);

/** Of the values of `sessionColumns`, in their order. */
export function sessionFromValues(values: unknown): Session {
  return sessionFromRow(sessionRowOf(values));
}

function sessionFromRow(row: SessionRow): Session {
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
      return {
        ...transaction,
        stage,
        serverChallenge: given(row, 'server_challenge'),
        serverAddress: given(row, 'server_address'),
        euiccCiPKIdToBeUsed: given(row, 'euicc_ci_pk_id_to_be_used'),
      };
    case 'authenticated':
    case 'bound':
    case 'ended':
      return {
        ...transaction,
        stage,
        eid: given(row, 'eid') as Eid,
        iccid: given(row, 'iccid') as Iccid,
        ...(row.order_id !== null && { orderId: row.order_id as OrderId }),
        euiccPublicKey: given(row, 'euicc_public_key'),
        smdpSignature2: given(row, 'smdp_signature2'),
      };
    default:
      throw violated(row, `has no stage of that name (${stage satisfies never})`);
  }
}
