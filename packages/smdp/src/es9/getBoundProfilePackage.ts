import { fromHex } from '@esim-rsp/codec';
import type { PrepareDownloadResponse } from '@esim-rsp/sgp22/asn1/download';
import { type BindableProfile, bindProfile } from '@esim-rsp/sgp22/bpp/bind';
import { sameSecret } from '@esim-rsp/sgp22/crypto/digest';
import { generateOneTimeKey, importOneTimeKey, type OneTimeKey } from '@esim-rsp/sgp22/crypto/ecka';
import type { Es9Request, Es9Response } from '@esim-rsp/sgp22/functions/es9plus';
import { buildProfilePackage } from '@esim-rsp/sgp22/profile/build';
import { metadataForDevice } from '@esim-rsp/sgp22/profile/metadata';
import { type Checks, forCheck, must, type Refusal, refusals } from '@esim-rsp/sgp22/status';
import type { Env } from '../env.ts';
import type { Reader } from '../ports.ts';
import type { Decision } from '../run.ts';
import { moveDownload, recordEvent } from '../state/change.ts';
import type { ProfileContent } from '../state/content.ts';
import { byDevice } from '../state/event.ts';
import { type Binding, bindingOf, hasExpired } from '../state/order.ts';
import { type Downloaded, type Failed, orderOf, type Profile, type Released } from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import type { Authenticated, Bound, Session } from '../state/session.ts';
import { download, fail } from '../state/transitions.ts';
import { currentUse, type Use } from '../state/use.ts';
import { asDecision } from './as-decision.ts';
import { codeChecks, refuseByCode, refuse as refuseCode, resetCodeAttempts } from './confirmation-code.ts';
import type { Es9Function } from './es9-function.ts';
import {
  certificatesOf,
  isDownloading,
  isOrderKept,
  isSameTransaction,
  refuse as refuseSession,
  sessionChecks,
} from './session.ts';
import { verify } from './signature.ts';

/** The checks of ES9+.GetBoundProfilePackage (5.6.2), in the order in which they are made. */
const checks = {
  sessionOpen: sessionChecks.sessionOpen,
  downloadPrepared: 'the eUICC could prepare the download',
  sameTransaction: sessionChecks.sameTransaction,
  signatureRight: 'euiccSignature2 is right',
  orderKept: sessionChecks.orderKept,
  orderReady: 'the profile is released, and its order has not ended',
  notBoundElsewhere: 'no other eUICC has downloaded the profile',
  orderInTime: 'the order has not expired',
  ...codeChecks,
  contentThere: 'the package of the profile is there',
  certificatesKept: sessionChecks.certificatesKept,
  keyValid: 'the one-time key of the eUICC is a point on the curve',
} as const satisfies Checks;

const refuse = refusals({
  euiccFailed: ['8.1', '6.1', 'the eUICC could not prepare the download', 'downloadPrepared'],
  signatureInvalid: ['8.1', '6.1', 'euiccSignature2 does not fit what the eUICC says', 'signatureRight'],
  keyInvalid: ['8.1', '6.1', "the eUICC's one-time key is not a point on the curve", 'keyValid'],
  unavailable: ['8.2', '3.7', 'this profile can no longer be downloaded in this session', 'orderReady'],
});

type Request = Es9Request<'getBoundProfilePackage'>;
type Reply = Es9Response<'getBoundProfilePackage'>;
type Found = {
  readonly session: Session | undefined;
  readonly profile: Profile | undefined;
  readonly content: ProfileContent | undefined;
  /** Only if the order is reusable. */
  readonly use?: Use | undefined;
};

/** ES9+.GetBoundProfilePackage (5.6.2): checks the confirmation code and binds the Profile to this eUICC. */
export const getBoundProfilePackage: Es9Function<Request, Found, Reply> = { load, decide, checks };

async function load({ transactionId }: Request, reader: Reader): Promise<Found> {
  const session = await reader.session(transactionId);
  if (session === undefined || !('iccid' in session))
    return { session, profile: undefined, content: undefined };
  const profile = await reader.profile(session.iccid);
  const isReusable = profile !== undefined && orderOf(profile)?.reusable === true;
  return {
    session,
    profile,
    content: await reader.content(session.iccid),
    use: isReusable ? await reader.use(session.iccid, session.eid) : undefined,
  };
}

async function decide(
  request: Request,
  { session, profile, content, use: stored }: Found,
  env: Env,
): Promise<Decision<Reply>> {
  must(isDownloading(session, env), refuseSession.sessionOpen);
  const { euiccSigned2, euiccSignature2 } = requirePrepared(request.prepareDownloadResponse.value);
  const signed = euiccSigned2.value;
  must(isSameTransaction(request.transactionId, signed.transactionId), refuseSession.sameTransaction);
  const euicc = env.verifyingKey(session.euiccPublicKey);
  must(
    verify(euicc, euiccSignature2, euiccSigned2, { bytes: session.smdpSignature2 }),
    refuse.signatureInvalid,
  );
  env.requireCodeAttempt?.({ eid: session.eid, spki: session.euiccPublicKey });
  must(isOrderKept(profile, session), refuseSession.orderKept);

  const waiting = requireWaiting(profile, session);
  const refused = refuseByOrder(waiting, request, signed.hashCc, session, env);
  if (refused !== undefined) return refused;
  const use = currentUse(waiting, session.eid, stored);
  const decision = await asDecision(() => {
    must(content, forCheck('contentThere', refuse.unavailable));
    return bind(request, { session, profile: waiting, use }, signed.euiccOtpk, content, env);
  });
  return waiting.order.confirmationCode === undefined
    ? { ...decision, notMade: Object.keys(codeChecks) }
    : decision;
}

type PreparedOk = Extract<PrepareDownloadResponse, { downloadResponseOk: unknown }>['downloadResponseOk'];

function requirePrepared(response: PrepareDownloadResponse): PreparedOk {
  if ('downloadResponseOk' in response) return response.downloadResponseOk;
  throw refuse.euiccFailed(`its downloadErrorCode is ${response.downloadResponseError.downloadErrorCode}`);
}

function requireWaiting(profile: Profile | undefined, { eid }: Authenticated | Bound): Released | Downloaded {
  if (profile?.state === 'ERROR') throw refusalOfEnded(profile);
  must(profile?.state === 'RELEASED' || profile?.state === 'DOWNLOADED', refuse.unavailable);
  must(
    profile.binding === undefined || profile.binding.eid === eid,
    forCheck('notBoundElsewhere', refuse.unavailable),
  );
  return profile;
}

/** An order that ended in the meantime is refused as it was when it ended. */
function refusalOfEnded({ reason }: Failed): Refusal {
  const pair = `${reason.subjectCode}/${reason.reasonCode}`;
  if (pair === '8.2.7/6.4') return forCheck('orderReady', refuseCode.codeAttemptsExhausted)();
  return pair === '8.8.5/4.10' ? forCheck('orderReady', refuseAny.orderExpired)() : refuse.unavailable();
}

/** Expiry, then the confirmation code. */
function refuseByOrder(
  profile: Released | Downloaded,
  { transactionId }: Request,
  code: Uint8Array | undefined,
  { eid }: Authenticated | Bound,
  env: Env,
): Decision<Reply> | undefined {
  if (!hasExpired(profile.order, env)) return refuseByCode(profile, code, { transactionId, eid }, env);
  const refusal = forCheck('orderInTime', refuseAny.orderExpired)();
  const cause = byDevice(eid, env, { transactionId, point: 3 });
  const failed = fail(profile, refusal.status, Math.floor(env.now / 1000));
  return { refusal, save: moveDownload(profile, failed, cause) };
}

type Download = {
  readonly session: Authenticated | Bound;
  readonly profile: Released | Downloaded;
  readonly use: Use | undefined;
};

async function bind(
  { transactionId }: Request,
  { session, profile, use }: Download,
  euiccOtpk: Uint8Array,
  content: ProfileContent,
  env: Env,
): Promise<Decision<Reply>> {
  const { dpPb } = certificatesOf(session, env);
  const { binding, key } = chooseBinding(use ?? profile, session, euiccOtpk, dpPb.key.curve, env);
  const boundProfilePackage = await bindProfile({
    transactionId: fromHex(transactionId),
    eid: session.eid,
    oneTimeKey: key,
    euiccOtpk,
    hostId: binding.hostId,
    metadata: metadataForDevice(profile.metadata).bytes,
    profile: bindableFrom(content),
    dpPb: dpPb.key,
  }).catch((error: unknown) => {
    throw error instanceof RangeError ? refuse.keyInvalid() : error;
  });
  const cause = byDevice(session.eid, env, { transactionId, point: 3 });
  const handedOut = download(resetCodeAttempts(profile, env), binding, Math.floor(env.now / 1000));
  const expiresAt = Math.max(session.expiresAt, env.now + env.limits.resultSeconds * 1000);
  return {
    reply: { transactionId, boundProfilePackage: { value: boundProfilePackage, bytes: boundProfilePackage } },
    save: [
      { session: { ...session, stage: 'bound', expiresAt, euiccOtpk } },
      handedOut === profile ? { unchanged: profile } : { profile: handedOut },
      ...(use === undefined || use.binding === binding ? [] : [{ use: { ...use, binding } }]),
      ...(profile.state === 'DOWNLOADED'
        ? []
        : [recordEvent('profile.downloaded', { from: profile, to: handedOut }, cause)]),
    ],
  };
}

function bindableFrom(content: ProfileContent): BindableProfile {
  if ('parameters' in content) return { upp: buildProfilePackage(content.parameters) };
  return 'package' in content ? { upp: content.package } : content;
}

/** The same one-time key for the same otPK.EUICC (3.1.3.2), otherwise a fresh one. */
function chooseBinding(
  { binding }: Pick<Use, 'binding'>,
  { eid }: Authenticated | Bound,
  euiccOtpk: Uint8Array,
  curve: OneTimeKey['curve'],
  env: Env,
): { readonly binding: Binding; readonly key: OneTimeKey } {
  if (binding !== undefined && sameSecret(binding.euiccOtpk, euiccOtpk))
    return { binding, key: importOneTimeKey(curve, binding.otSkDp) };
  const key = generateOneTimeKey(curve, env.random);
  return { binding: bindingOf({ eid, euiccOtpk, otSkDp: key.otSk, hostId: env.random(16) }), key };
}
