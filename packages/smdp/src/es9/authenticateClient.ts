import { type Der, decodeWithBytes, encodeWithBytes, fromHex } from '@esim-rsp/codec';
import type { AuthenticateResponseOk, EuiccSigned1 } from '@esim-rsp/sgp22/asn1/authentication';
import { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { SmdpSigned2 } from '@esim-rsp/sgp22/asn1/download';
import { sameSecret } from '@esim-rsp/sgp22/crypto/digest';
import type { Es9Request, Es9Response } from '@esim-rsp/sgp22/functions/es9plus';
import { attributesOf, valuesOf } from '@esim-rsp/sgp22/pki/name';
import { must, refusals } from '@esim-rsp/sgp22/status';
import { sameSmdpAddress } from '@esim-rsp/sgp22/value/activation-code';
import { type Eid, parseEid } from '@esim-rsp/sgp22/value/eid';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Env } from '../env.ts';
import type { Reader } from '../ports.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { recordEvent } from '../state/change.ts';
import type { Downloaded, Profile, Released } from '../state/profile.ts';
import type { Initiated, Session } from '../state/session.ts';
import { countAttempt } from '../state/transitions.ts';
import { checked, eligible } from './eligible.ts';
import { alive, certificatesOf, refuse as refuseSession, sameTransaction } from './session.ts';
import { signatureOf, verifies } from './signature.ts';

/** The status codes that ES9+.AuthenticateClient (5.6.3) answers by itself; the certificate checks and `eligible` have their own. */
const refuse = refusals({
  euiccFailed: ['8.1', '6.1', 'the eUICC could not authenticate this SM-DP+'],
  signatureInvalid: ['8.1', '6.1', 'euiccSignature1 does not fit what the eUICC says'],
  challengeWrong: ['8.1', '6.1', 'the eUICC signed another server challenge or server address than ours'],
});

type Request = Es9Request<'authenticateClient'>;
type Reply = Es9Response<'authenticateClient'>;
type Found = { readonly session: Session | undefined; readonly profile: Profile | undefined };

/** ES9+.AuthenticateClient (5.6.3): is this eUICC genuine, and is a Profile waiting for it? */
export const authenticateClient: ProtocolFunction<Request, Found, Reply> = { load, decide };

async function load(request: Request, reader: Reader): Promise<Found> {
  const session = await reader.session(request.transactionId);
  const response = request.authenticateServerResponse.value;
  if (session === undefined || !('authenticateResponseOk' in response))
    return { session, profile: undefined };
  return { session, profile: await profileFor(response.authenticateResponseOk, reader) };
}

/** The Profile that the eUICC points at: by MatchingID, or by its EID when it has none. */
async function profileFor(ok: AuthenticateResponseOk, reader: Reader): Promise<Profile | undefined> {
  const matchingId = matchingIdOf(ok.euiccSigned1.value);
  if (matchingId !== '') return reader.profileByMatchingId(matchingId);
  const subject = attributesOf(ok.euiccCertificate.value.tbsCertificate.value.subject.value);
  const [eid = ''] = valuesOf(subject, 'serialNumber'); // not verified yet: it only says where to look
  return /^\d{32}$/.test(eid) ? (await reader.profilesWaitingFor(parseEid(eid)))[0] : undefined;
}

function matchingIdOf({ ctxParams1 }: EuiccSigned1): MatchingId {
  return (ctxParams1.value.ctxParamsForCommonAuthentication.matchingId ?? '') as MatchingId;
}

async function decide(request: Request, { session, profile }: Found, env: Env): Promise<Decision<Reply>> {
  must(alive(session, env) && session.stage === 'initiated', refuseSession.transactionIdUnknown);
  const ok = accepted(request);
  const signed = ok.euiccSigned1.value;
  must(sameTransaction(request.transactionId, signed.transactionId), refuseSession.transactionIdUnknown);

  // Who is it? The chain, then the signature over the bytes as they came, then freshness.
  const euicc = env.verifyEuicc({ ...ok, ciPKId: session.euiccCiPKIdToBeUsed, now: env.now });
  must(verifies(euicc.publicKey, ok.euiccSignature1, ok.euiccSigned1), refuse.signatureInvalid);
  must(fresh(signed, session), refuse.challengeWrong);

  // Is a Profile waiting for it? eligible() refuses, case by case, as 5.6.3 lists them.
  const waiting = eligible(
    profile,
    {
      eid: euicc.eid,
      matchingId: matchingIdOf(signed),
      info: signed.euiccInfo2.value,
      transactionId: request.transactionId,
    },
    env,
  );
  if ('refusal' in waiting) return waiting;
  return offer(request, ok, session, { eid: euicc.eid, spki: euicc.publicKey.spki }, waiting.profile, env);
}

function accepted({ authenticateServerResponse }: Request): AuthenticateResponseOk {
  const response = authenticateServerResponse.value;
  if ('authenticateResponseOk' in response) return response.authenticateResponseOk;
  const { authenticateErrorCode } = response.authenticateResponseError;
  throw refuse.euiccFailed(`its authenticateErrorCode is ${authenticateErrorCode}`);
}

function fresh(signed: EuiccSigned1, session: Initiated): boolean {
  return (
    sameSecret(signed.serverChallenge, session.serverChallenge) &&
    sameSmdpAddress(signed.serverAddress, session.serverAddress)
  );
}

/** Tells the LPA which Profile it is, under our signature over smdpSigned2 | euiccSignature1, and counts the attempt. */
async function offer(
  { transactionId }: Request,
  { euiccSignature1 }: AuthenticateResponseOk,
  session: Initiated,
  euicc: { readonly eid: Eid; readonly spki: Uint8Array },
  profile: Released | Downloaded,
  env: Env,
): Promise<Decision<Reply>> {
  const { dpPb } = certificatesOf(session, env);
  const smdpSigned2 = encodeWithBytes(SmdpSigned2, {
    transactionId: fromHex(transactionId),
    ccRequiredFlag: profile.order.confirmationCode !== undefined,
    ...(profile.binding !== undefined && { bppEuiccOtpk: profile.binding.euiccOtpk }),
  });
  const smdpSignature2 = await signatureOf(dpPb, smdpSigned2, euiccSignature1);
  const profileMetadata: Der<StoreMetadataRequest> = decodeWithBytes(StoreMetadataRequest, profile.metadata);
  const counted = countAttempt(profile);
  return {
    reply: { transactionId, profileMetadata, smdpSigned2, smdpSignature2, smdpCertificate: dpPb.certificate },
    save: [
      {
        session: {
          stage: 'authenticated',
          transactionId,
          version: session.version,
          expiresAt: env.now + env.limits.sessionSeconds * 1000,
          smdpCiPKId: session.smdpCiPKId,
          eid: euicc.eid,
          iccid: profile.iccid,
          ...(profile.order.id !== undefined && { orderId: profile.order.id }),
          euiccPublicKey: euicc.spki,
          smdpSignature2: smdpSignature2.bytes,
        },
      },
      ...(counted === profile ? [] : [{ profile: counted }]),
      recordEvent(
        'download.checked',
        { from: profile, to: counted },
        checked({ eid: euicc.eid, transactionId }, env),
      ),
    ],
  };
}
