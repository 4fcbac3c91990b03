import { fromHex } from '@esim-rsp/codec';
import type { PrepareDownloadResponse } from '@esim-rsp/sgp22/asn1/download';
import { type BindableProfile, bindProfile } from '@esim-rsp/sgp22/bpp/bind';
import { sameSecret } from '@esim-rsp/sgp22/crypto/digest';
import { drawOneTimeKey, type OneTimeKey, oneTimeKey } from '@esim-rsp/sgp22/crypto/ecka';
import type { Es9Request, Es9Response } from '@esim-rsp/sgp22/functions/es9plus';
import { buildProfilePackage } from '@esim-rsp/sgp22/profile/build';
import { must, refusals } from '@esim-rsp/sgp22/status';
import { hashCc } from '@esim-rsp/sgp22/value/confirmation-code';
import type { Decision, Env, ProfileContent, ProtocolFunction, Reader } from '../ports.ts';
import { type Binding, bindingOf } from '../state/order.ts';
import type { Downloaded, Profile, Released } from '../state/profile.ts';
import type { Authenticated, Bound, Session } from '../state/session.ts';
import { download, fail, withOrder } from '../state/transitions.ts';
import { alive, certificatesOf, ordered, refuse as refuseSession, sameTransaction } from './session.ts';
import { verifies } from './signature.ts';

/** The status codes of ES9+.GetBoundProfilePackage (5.6.2). */
const refuse = refusals({
  euiccFailed: ['8.1', '6.1', 'the eUICC could not prepare the download'],
  signatureInvalid: ['8.1', '6.1', 'euiccSignature2 does not fit what the eUICC says'],
  keyInvalid: ['8.1', '6.1', "the eUICC's one-time key is not a point on the curve"],
  orderExpired: ['8.8.5', '4.10', 'the download order has expired; ask the operator for a new one'],
  codeMissing: ['8.2.7', '2.2', 'this download needs the confirmation code'],
  codeWrong: ['8.2.7', '3.8', 'the confirmation code is wrong'],
  codeAttemptsExhausted: [
    '8.2.7',
    '6.4',
    'too many wrong confirmation codes; ask the operator for a new order',
  ],
  unavailable: ['8.2', '3.7', 'this profile can no longer be downloaded in this session'],
});

type Request = Es9Request<'getBoundProfilePackage'>;
type Reply = Es9Response<'getBoundProfilePackage'>;
type Found = {
  readonly session: Session | undefined;
  readonly profile: Profile | undefined;
  readonly content: ProfileContent | undefined;
};

/** ES9+.GetBoundProfilePackage (5.6.2): checks the confirmation code and binds the Profile to this eUICC. */
export const getBoundProfilePackage: ProtocolFunction<Request, Found, Reply> = { load, decide };

async function load({ transactionId }: Request, reader: Reader): Promise<Found> {
  const session = await reader.session(transactionId);
  if (session === undefined || !('iccid' in session))
    return { session, profile: undefined, content: undefined };
  return {
    session,
    profile: await reader.profile(session.iccid),
    content: await reader.content(session.iccid),
  };
}

async function decide(
  request: Request,
  { session, profile, content }: Found,
  env: Env,
): Promise<Decision<Reply>> {
  must(alive(session, env), refuseSession.transactionIdUnknown);
  must(session.stage === 'authenticated' || session.stage === 'bound', refuseSession.transactionIdUnknown);
  const { euiccSigned2, euiccSignature2 } = prepared(request.prepareDownloadResponse.value);
  const signed = euiccSigned2.value;
  must(sameTransaction(request.transactionId, signed.transactionId), refuseSession.transactionIdUnknown);
  const euicc = env.verifyingKey(session.euiccPublicKey);
  must(
    verifies(euicc, euiccSignature2, euiccSigned2, { bytes: session.smdpSignature2 }),
    refuse.signatureInvalid,
  );
  must(ordered(profile, session), refuseSession.transactionIdUnknown);

  const ours = pending(profile, session);
  const refused = refusedByOrder(ours, request, signed.hashCc, env);
  if (refused !== undefined) return refused;
  must(content, refuse.unavailable);
  return bind(request, session, ours, signed.euiccOtpk, content, env);
}

type PreparedOk = Extract<PrepareDownloadResponse, { downloadResponseOk: unknown }>['downloadResponseOk'];

function prepared(response: PrepareDownloadResponse): PreparedOk {
  if ('downloadResponseOk' in response) return response.downloadResponseOk;
  throw refuse.euiccFailed(`its downloadErrorCode is ${response.downloadResponseError.downloadErrorCode}`);
}

function pending(profile: Profile | undefined, { eid }: Authenticated | Bound): Released | Downloaded {
  if (
    profile?.state === 'ERROR' &&
    profile.reason.reasonCode === '6.4' &&
    profile.reason.subjectCode === '8.2.7'
  )
    throw refuse.codeAttemptsExhausted();
  must(profile?.state === 'RELEASED' || profile?.state === 'DOWNLOADED', refuse.unavailable);
  must(profile.binding === undefined || profile.binding.eid === eid, refuse.unavailable);
  return profile;
}

/** Expiry, then the confirmation code: a wrong one costs an attempt, the last one ends the order. */
function refusedByOrder(
  profile: Released | Downloaded,
  { transactionId }: Request,
  given: Uint8Array | undefined,
  env: Env,
): Decision<Reply> | undefined {
  const now = Math.floor(env.now / 1000);
  const { order } = profile;
  if (order.expiresAt !== undefined && order.expiresAt <= now) {
    const refusal = refuse.orderExpired();
    return { refusal, save: [{ profile: fail(profile, refusal.status, now) }] };
  }
  const code = order.confirmationCode;
  if (code === undefined) return undefined;
  must(code.attemptsLeft > 0, refuse.codeAttemptsExhausted); // of a reusable order: another one has ended
  must(given !== undefined && given.length > 0, refuse.codeMissing);
  if (sameSecret(given, hashCc(code.hash, fromHex(transactionId)))) return undefined;
  const attemptsLeft = code.attemptsLeft - 1;
  const counted = withOrder(profile, { ...order, confirmationCode: { ...code, attemptsLeft } });
  if (attemptsLeft > 0)
    return { refusal: refuse.codeWrong(attemptsText(attemptsLeft)), save: [{ profile: counted }] };
  const refusal = refuse.codeAttemptsExhausted();
  return { refusal, save: [{ profile: fail(counted, refusal.status, now) }] };
}

function attemptsText(left: number): string {
  return left === 1 ? '1 attempt is left' : `${left} attempts are left`;
}

/** The code was right. A reusable order goes on for ever, so it counts the wrong ones in a row. */
function withAttemptsBack<P extends Released | Downloaded>(profile: P, { limits }: Env): P {
  const { reusable, confirmationCode: code } = profile.order;
  const attemptsLeft = limits.confirmationCodeAttempts;
  if (!reusable || code === undefined || code.attemptsLeft >= attemptsLeft) return profile;
  return withOrder(profile, { ...profile.order, confirmationCode: { ...code, attemptsLeft } });
}

async function bind(
  { transactionId }: Request,
  session: Authenticated | Bound,
  profile: Released | Downloaded,
  euiccOtpk: Uint8Array,
  content: ProfileContent,
  env: Env,
): Promise<Decision<Reply>> {
  const { dpPb } = certificatesOf(session, env);
  const { binding, key } = bindingFor(profile, session, euiccOtpk, dpPb.key.curve, env);
  const boundProfilePackage = await bindProfile({
    transactionId: fromHex(transactionId),
    eid: session.eid,
    oneTimeKey: key,
    euiccOtpk,
    hostId: binding.hostId,
    metadata: profile.metadata,
    profile: bindable(content),
    dpPb: dpPb.key,
  }).catch((error: unknown) => {
    throw error instanceof RangeError ? refuse.keyInvalid() : error;
  });
  const handedOut = download(withAttemptsBack(profile, env), binding, Math.floor(env.now / 1000));
  const expiresAt = env.now + env.limits.resultSeconds * 1000;
  return {
    reply: { transactionId, boundProfilePackage: { value: boundProfilePackage, bytes: boundProfilePackage } },
    save: [
      { session: { ...session, stage: 'bound', expiresAt } },
      ...(handedOut === profile ? [] : [{ profile: handedOut }]),
    ],
  };
}

function bindable(content: ProfileContent): BindableProfile {
  if ('parameters' in content) return { upp: buildProfilePackage(content.parameters) };
  return 'package' in content ? { upp: content.package } : content;
}

/** The same one-time key for the same otPK.EUICC (3.1.3.2), otherwise a fresh one. */
function bindingFor(
  { binding }: Released | Downloaded,
  { eid }: Authenticated | Bound,
  euiccOtpk: Uint8Array,
  curve: OneTimeKey['curve'],
  env: Env,
): { readonly binding: Binding; readonly key: OneTimeKey } {
  if (binding !== undefined && sameSecret(binding.euiccOtpk, euiccOtpk))
    return { binding, key: oneTimeKey(curve, binding.otSkDp) };
  const key = drawOneTimeKey(curve, env.random);
  return { binding: bindingOf({ eid, euiccOtpk, otSkDp: key.otSk, hostId: env.random(16) }), key };
}
