import { equal, oidContent } from '@esim-rsp/codec';
import { cancelSessionReasons } from '@esim-rsp/sgp22/asn1/download';
import type { Es9Request, Es9Response } from '@esim-rsp/sgp22/functions/es9plus';
import { type Checks, must, refusals, type StatusCode } from '@esim-rsp/sgp22/status';
import type { Env } from '../env.ts';
import type { Reader } from '../ports.ts';
import type { Decision } from '../run.ts';
import { type Change, moveDownload } from '../state/change.ts';
import { byDevice } from '../state/event.ts';
import { orderOf, type Profile } from '../state/profile.ts';
import type { Authenticated, Bound, Session } from '../state/session.ts';
import { fail, postpone } from '../state/transitions.ts';
import { currentUse, endDownload, type Use } from '../state/use.ts';
import type { Es9Function } from './es9-function.ts';
import {
  certificatesOf,
  giveUpSession,
  isDownloading,
  isOrderKept,
  isSameTransaction,
  refuse as refuseSession,
  sessionChecks,
} from './session.ts';
import { verify } from './signature.ts';

/** The checks of ES9+.CancelSession (5.6.5), in the order in which they are made. */
const checks = {
  sessionOpen: sessionChecks.sessionOpen,
  orderKept: sessionChecks.orderKept,
  sameTransaction: sessionChecks.sameTransaction,
  signatureRight: 'euiccCancelSessionSignature is right',
  certificatesKept: sessionChecks.certificatesKept,
  oidRight: 'the eUICC means this SM-DP+',
} as const satisfies Checks;

const refuse = refusals({
  signatureInvalid: [
    '8.1',
    '6.1',
    'euiccCancelSessionSignature does not fit what the eUICC says',
    'signatureRight',
  ],
  oidWrong: ['8.8', '3.10', 'smdpOid is not the OID of this SM-DP+', 'oidRight'],
});

/** What the reason does to the order (3.1.3.1): the order waits again, or it has failed for this reason. */
const effects: ReadonlyMap<number, 'keep' | StatusCode> = new Map<number, 'keep' | StatusCode>([
  [cancelSessionReasons.postponed, 'keep'],
  [cancelSessionReasons.timeout, 'keep'],
  [cancelSessionReasons.endUserRejection, failure('8.8.5', '3.8', 'the user rejected the download')],
  [
    cancelSessionReasons.pprNotAllowed,
    failure('8.2.8', '1.2', 'the device does not allow the policy rules of the profile'),
  ],
  [
    cancelSessionReasons.metadataMismatch,
    failure('8.2.9', '3.11', 'the device found other metadata in the package than announced'),
  ],
  [
    cancelSessionReasons.loadBppExecutionError,
    failure('8.2.10', '4.2', 'the device could not load the package into the eUICC'),
  ],
]);

function failure(
  subjectCode: StatusCode['subjectCode'],
  reasonCode: StatusCode['reasonCode'],
  message: string,
): StatusCode {
  return { subjectCode, reasonCode, message };
}

const undefinedReason = failure('8', '4.2', 'the device cancelled the download without saying why');

type Request = Es9Request<'cancelSession'>;
type Reply = Es9Response<'cancelSession'>;
type Found = {
  readonly session: Session | undefined;
  readonly profile: Profile | undefined;
  /** Only if the order is reusable. */
  readonly use?: Use | undefined;
};

/** ES9+.CancelSession (5.6.5): the device gives the download up; the reason decides what becomes of the order. */
export const cancelSession: Es9Function<Request, Found, Reply> = { load, decide, checks };

async function load({ transactionId }: Request, reader: Reader): Promise<Found> {
  const session = await reader.session(transactionId);
  if (session === undefined || !('iccid' in session)) return { session, profile: undefined };
  const profile = await reader.profile(session.iccid);
  const isReusable = profile !== undefined && orderOf(profile)?.reusable === true;
  return { session, profile, use: isReusable ? await reader.use(session.iccid, session.eid) : undefined };
}

function decide(request: Request, { session, profile, use: stored }: Found, env: Env): Decision<Reply> {
  must(isDownloading(session, env), refuseSession.sessionOpen);
  must(isOrderKept(profile, session), refuseSession.orderKept);
  const response = request.cancelSessionResponse.value;
  if ('cancelSessionResponseError' in response)
    return { reply: {}, save: [{ session: afterError(session) }], lastCheck: 'orderKept' };

  const { euiccCancelSessionSigned, euiccCancelSessionSignature } = response.cancelSessionResponseOk;
  const signed = euiccCancelSessionSigned.value;
  must(isSameTransaction(request.transactionId, signed.transactionId), refuseSession.sameTransaction);
  const euicc = env.verifyingKey(session.euiccPublicKey);
  must(verify(euicc, euiccCancelSessionSignature, euiccCancelSessionSigned), refuse.signatureInvalid);
  must(equal(signed.smdpOid, oidContent(certificatesOf(session, env).oid)), refuse.oidWrong);

  const { eid, transactionId } = session;
  const cause = byDevice(eid, env, { transactionId, point: 3 });
  const isKept =
    profile === undefined || isDecidedElsewhere(profile, session) || mayTryCodeAgain(session, signed.reason);
  const cancelled = isKept ? undefined : applyReason(profile, signed.reason, env);
  return {
    reply: {},
    save: [
      { session: giveUpSession(session) },
      ...(profile === undefined || cancelled === undefined || cancelled === profile
        ? []
        : [...moveDownload(profile, cancelled, cause), ...endUse(currentUse(profile, eid, stored))]),
    ],
  };
}

/**
 * An error is not signed, so it cannot end a session whose package was handed out. Devices send it after a failed installation, when
 * the eUICC has no session any more: the signed result follows.
 */
function afterError(session: Authenticated | Bound): Session {
  return session.stage === 'bound' ? session : giveUpSession(session);
}

/**
 * Whether another session has handed out the package of the Profile, to this or to another eUICC: it may be installed there, and the result of
 * that decides. If the order waited again, it could be cancelled, and a second eUICC could get the Profile.
 */
function isDecidedElsewhere(profile: Profile, { stage, eid }: Authenticated | Bound): boolean {
  if (orderOf(profile)?.reusable === true || !('binding' in profile) || profile.binding === undefined)
    return false;
  return profile.binding.eid !== eid || (profile.state === 'DOWNLOADED' && stage !== 'bound');
}

/**
 * Whether the device only gave up because the confirmation code was missing or wrong. Devices say endUserRejection then, although the
 * user would try again: the order keeps the attempts that are left.
 */
function mayTryCodeAgain({ stage, journal = [] }: Authenticated | Bound, reason: number): boolean {
  if (stage !== 'authenticated' || reason !== cancelSessionReasons.endUserRejection) return false;
  const { refused } = journal.findLast((entry) => entry.function === 'getBoundProfilePackage') ?? {};
  return refused?.subjectCode === '8.2.7' && (refused.reasonCode === '2.2' || refused.reasonCode === '3.8');
}

function applyReason(profile: Profile, reason: number, env: Env): Profile | undefined {
  if (profile.state !== 'RELEASED' && profile.state !== 'DOWNLOADED') return undefined;
  const now = Math.floor(env.now / 1000);
  const effect = effects.get(reason) ?? undefinedReason;
  return effect === 'keep' ? postpone(profile, now) : fail(profile, effect, now);
}

/** A reusable order fails for one eUICC only, and its one-time key goes. */
function endUse(use: Use | undefined): readonly Change[] {
  return use?.binding === undefined ? [] : [{ use: endDownload(use) }];
}
