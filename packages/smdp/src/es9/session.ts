import { equal, fromHex } from '@esim-rsp/codec';
import { refusals } from '@esim-rsp/sgp22/status';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { CertificateSet, Env } from '../env.ts';
import { orderOf, type Profile } from '../state/profile.ts';
import type { Authenticated, Bound, Ended, Session } from '../state/session.ts';

/** The refusal that every ES9+ function shares. */
export const refuse = refusals({
  transactionIdUnknown: [
    '8.10.1',
    '3.9',
    'no such transaction is open: it has ended or expired, so start again',
  ],
});

/** Whether the session can still be used. */
export function alive<S extends Session>(session: S | undefined, env: Env): session is S {
  return session !== undefined && env.now < session.expiresAt;
}

/** Whether the order that the session began with is still there: CancelOrder (5.3.3) ends the sessions of an order. */
export function ordered(profile: Profile | undefined, session: Authenticated | Bound): boolean {
  return profile === undefined || orderOf(profile)?.id === session.orderId;
}

/** Whether octets that somebody signed name the transaction of the request. */
export function sameTransaction(transactionId: TransactionId, signed: Uint8Array): boolean {
  return equal(fromHex(transactionId), signed);
}

/** The certificates that this session began with. */
export function certificatesOf(session: Session, env: Env): CertificateSet {
  const found = env.certificates.find(({ ciPKId }) => equal(ciPKId, session.smdpCiPKId));
  if (found === undefined) throw refuse.transactionIdUnknown('its certificates were replaced');
  return found;
}

export function end(session: Authenticated | Bound): Ended {
  return { ...session, stage: 'ended' };
}
