import { equal, fromHex } from '@esim-rsp/codec';
import { type Checks, forCheck, refusals } from '@esim-rsp/sgp22/status';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { CertificateSet, Env } from '../env.ts';
import { orderOf, type Profile } from '../state/profile.ts';
import type { Authenticated, Bound, Cancelled, Ended, Session } from '../state/session.ts';

/** The checks that several ES9+ functions make of their session. */
export const sessionChecks = {
  sessionOpen: 'the transaction is open',
  sameTransaction: 'the eUICC signed the same transaction',
  orderKept: 'the order of the session was not cancelled',
  certificatesKept: 'this SM-DP+ still has the certificates of the session',
} as const satisfies Checks;

const { transactionIdUnknown } = refusals({
  transactionIdUnknown: [
    '8.10.1',
    '3.9',
    'no such transaction is open: it has ended or expired, so start again',
  ],
});

const refuseAt = (check: keyof typeof sessionChecks) => forCheck(check, transactionIdUnknown);

/** The refusals of these checks: one status code (5.6.2, 5.6.3, 5.6.5) for all of them. */
export const refuse = {
  sessionOpen: refuseAt('sessionOpen'),
  sameTransaction: refuseAt('sameTransaction'),
  orderKept: refuseAt('orderKept'),
  certificatesKept: refuseAt('certificatesKept'),
};

/** Whether the session exists and has not expired. */
export function isAlive<S extends Session>(session: S | undefined, env: Env): session is S {
  return session !== undefined && env.now < session.expiresAt;
}

/** Whether the session is one in which a profile was found for the eUICC and no result has arrived. */
export function isDownloading(session: Session | undefined, env: Env): session is Authenticated | Bound {
  return isAlive(session, env) && (session.stage === 'authenticated' || session.stage === 'bound');
}

/** Whether the profile still has the order that the session began with: CancelOrder (5.3.3) ends the sessions of an order. */
export function isOrderKept(
  profile: Profile | undefined,
  session: Authenticated | Bound | Cancelled,
): boolean {
  return profile === undefined || orderOf(profile)?.id === session.orderId;
}

/** Whether octets that somebody signed name the transaction of the request. */
export function isSameTransaction(transactionId: TransactionId, signed: Uint8Array): boolean {
  return equal(fromHex(transactionId), signed);
}

/** The certificates that this session began with. */
export function certificatesOf(session: Pick<Session, 'smdpCiPKId'>, env: Env): CertificateSet {
  const found = env.certificates.find(({ ciPKId }) => equal(ciPKId, session.smdpCiPKId));
  if (found === undefined) throw refuse.certificatesKept('its certificates were replaced');
  return found;
}

/** The result of the installation has come, so that nothing more is expected. */
export function endSession(session: Authenticated | Bound | Cancelled): Ended {
  return { ...session, stage: 'ended' };
}

/** The device gave the download up. If it has the package, the result of its installation is still to come. */
export function giveUpSession(session: Authenticated | Bound): Cancelled | Ended {
  return session.stage === 'bound' ? { ...session, stage: 'cancelled' } : { ...session, stage: 'ended' };
}
