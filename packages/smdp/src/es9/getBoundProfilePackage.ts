import { fromHex } from '@esim-rsp/codec';
import type { PrepareDownloadResponse } from '@esim-rsp/sgp22/asn1/download';
import { type BindableProfile, bindProfile } from '@esim-rsp/sgp22/bpp/bind';
import { sameSecret } from '@esim-rsp/sgp22/crypto/digest';
import { generateOneTimeKey, importOneTimeKey, type OneTimeKey } from '@esim-rsp/sgp22/crypto/ecka';
import type { Es9Request, Es9Response } from '@esim-rsp/sgp22/functions/es9plus';
import { buildProfilePackage } from '@esim-rsp/sgp22/profile/build';
import { must, type Refusal, refusals } from '@esim-rsp/sgp22/status';
import type { Env } from '../env.ts';
import type { Reader } from '../ports.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { moveProfile, recordEvent } from '../state/change.ts';
import type { ProfileContent } from '../state/content.ts';
import { byDevice } from '../state/event.ts';
import { type Binding, bindingOf } from '../state/order.ts';
import type { Downloaded, Failed, Profile, Released } from '../state/profile.ts';
import type { Authenticated, Bound, Session } from '../state/session.ts';
import { download, fail } from '../state/transitions.ts';
import { refuse as refuseCode, refusedByCode, withAttemptsBack } from './confirmation-code.ts';
import { alive, certificatesOf, ordered, refuse as refuseSession, sameTransaction } from './session.ts';
import { verifies } from './signature.ts';

/** The status codes of ES9+.GetBoundProfilePackage (5.6.2). */
const refuse = refusals({
  euiccFailed: ['8.1', '6.1', 'the eUICC could not prepare the download'],
  signatureInvalid: ['8.1', '6.1', 'euiccSignature2 does not fit what the eUICC says'],
  keyInvalid: ['8.1', '6.1', "the eUICC's one-time key is not a point on the curve"],
  orderExpired: ['8.8.5', '4.10', 'the download order has expired; ask the operator for a new one'],
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
  const refused = refusedByOrder(ours, request, signed.hashCc, session, env);
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
  if (profile?.state === 'ERROR') throw again(profile);
  must(profile?.state === 'RELEASED' || profile?.state === 'DOWNLOADED', refuse.unavailable);
  must(profile.binding === undefined || profile.binding.eid === eid, refuse.unavailable);
  return profile;
}

/** An order that ended in the meantime is refused as it was when it ended. */
function again({ reason }: Failed): Refusal {
  const pair = `${reason.subjectCode}/${reason.reasonCode}`;
  if (pair === '8.2.7/6.4') return refuseCode.codeAttemptsExhausted();
  return pair === '8.8.5/4.10' ? refuse.orderExpired() : refuse.unavailable();
}

/** Expiry, then the confirmation code. */
function refusedByOrder(
  profile: Released | Downloaded,
  { transactionId }: Request,
  given: Uint8Array | undefined,
  { eid }: Authenticated | Bound,
  env: Env,
): Decision<Reply> | undefined {
  const now = Math.floor(env.now / 1000);
  const { expiresAt } = profile.order;
  if (expiresAt === undefined || expiresAt > now)
    return refusedByCode(profile, given, { transactionId, eid }, env);
  const refusal = refuse.orderExpired();
  const cause = byDevice(eid, env, { transactionId, point: 3 });
  return { refusal, save: moveProfile(profile, fail(profile, refusal.status, now), cause) };
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
  const cause = byDevice(session.eid, env, { transactionId, point: 3 });
  const handedOut = download(withAttemptsBack(profile, env), binding, Math.floor(env.now / 1000));
  const expiresAt = env.now + env.limits.resultSeconds * 1000;
  return {
    reply: { transactionId, boundProfilePackage: { value: boundProfilePackage, bytes: boundProfilePackage } },
    save: [
      { session: { ...session, stage: 'bound', expiresAt } },
      ...(handedOut === profile ? [] : [{ profile: handedOut }]),
      ...(profile.state === 'DOWNLOADED'
        ? []
        : [recordEvent('profile.downloaded', { from: profile, to: handedOut }, cause)]),
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
    return { binding, key: importOneTimeKey(curve, binding.otSkDp) };
  const key = generateOneTimeKey(curve, env.random);
  return { binding: bindingOf({ eid, euiccOtpk, otSkDp: key.otSk, hostId: env.random(16) }), key };
}
