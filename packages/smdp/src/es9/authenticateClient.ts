import { encodeWithBytes, fromHex } from '@esim-rsp/codec';
import type { AuthenticateResponseOk, EuiccSigned1 } from '@esim-rsp/sgp22/asn1/authentication';
import { SmdpSigned2 } from '@esim-rsp/sgp22/asn1/download';
import { sameSecret } from '@esim-rsp/sgp22/crypto/digest';
import type { Es9Request, Es9Response } from '@esim-rsp/sgp22/functions/es9plus';
import { chainChecks } from '@esim-rsp/sgp22/pki/euicc-chain';
import { metadataForDevice } from '@esim-rsp/sgp22/profile/metadata';
import { type Checks, must, refusals } from '@esim-rsp/sgp22/status';
import { sameSmdpAddress } from '@esim-rsp/sgp22/value/activation-code';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Env, OpenTransaction } from '../env.ts';
import type { Reader } from '../ports.ts';
import type { Decision } from '../run.ts';
import type { Change } from '../state/change.ts';
import type { Binding } from '../state/order.ts';
import { type Downloaded, orderOf, type Profile, type Released } from '../state/profile.ts';
import type { Session } from '../state/session.ts';
import { countAttempt } from '../state/transitions.ts';
import { currentUse, type Use } from '../state/use.ts';
import { asDecision } from './as-decision.ts';
import { eidIn } from './eid-in.ts';
import { chooseProfile, eligibilityChecks, recordCheck, uncheckable } from './eligibility.ts';
import type { Es9Function } from './es9-function.ts';
import { acceptedEntry } from './initiateAuthentication.ts';
import { certificatesOf, isSameTransaction, refuse as refuseSession, sessionChecks } from './session.ts';
import { sign, verify } from './signature.ts';

/** The checks of ES9+.AuthenticateClient (5.6.3), in the order in which they are made. */
const checks = {
  sessionOpen: sessionChecks.sessionOpen,
  serverAccepted: 'the eUICC accepts us',
  sameTransaction: sessionChecks.sameTransaction,
  ...chainChecks,
  signatureRight: 'euiccSignature1 is right',
  challengeSigned: 'the eUICC signed our challenge and our address',
  ...eligibilityChecks,
  certificatesKept: sessionChecks.certificatesKept,
} as const satisfies Checks;

/** The status codes that AuthenticateClient answers by itself; the checks of session, certificates and eligibility have their own. */
const refuse = refusals({
  euiccFailed: ['8.1', '6.1', 'the eUICC could not authenticate this SM-DP+', 'serverAccepted'],
  signatureInvalid: ['8.1', '6.1', 'euiccSignature1 does not fit what the eUICC says', 'signatureRight'],
  challengeWrong: [
    '8.1',
    '6.1',
    'the eUICC signed another server challenge or server address than ours',
    'challengeSigned',
  ],
});

type Request = Es9Request<'authenticateClient'>;
type Reply = Es9Response<'authenticateClient'>;
type Found = {
  readonly session: Session | undefined;
  /** Those that the eUICC may mean, the one that was released first at the beginning. */
  readonly profiles: readonly Profile[];
  /** What the eUICC does with those of reusable orders. */
  readonly uses: readonly Use[];
};

/** ES9+.AuthenticateClient (5.6.3): is this eUICC genuine, and is a Profile waiting for it? */
export const authenticateClient: Es9Function<Request, Found, Reply> = { load, decide, checks };

/** Usually there is no session yet: this call stores the first record of it. */
async function load(request: Request, reader: Reader): Promise<Found> {
  const response = request.authenticateServerResponse.value;
  const ok = 'authenticateResponseOk' in response ? response.authenticateResponseOk : undefined;
  const [session, profiles] = await Promise.all([
    reader.session(request.transactionId),
    ok === undefined ? [] : profilesFor(ok, reader),
  ]);
  const uses = ok === undefined ? [] : await usesOf(profiles, eidIn(ok.euiccCertificate), reader);
  return { session, profiles, uses };
}

async function usesOf(
  profiles: readonly Profile[],
  eid: Eid | undefined,
  reader: Reader,
): Promise<readonly Use[]> {
  if (eid === undefined) return [];
  const reusable = profiles.filter((profile) => orderOf(profile)?.reusable === true);
  const uses = await Promise.all(reusable.map(({ iccid }) => reader.use(iccid, eid)));
  return uses.filter((use) => use !== undefined);
}

/** Anybody can order for an EID: this many orders of one are considered, the oldest releases. */
const MOST_WAITING = 32;

/** The Profile that the eUICC points at by its MatchingID, or those that wait for its EID when it has none. */
async function profilesFor(ok: AuthenticateResponseOk, reader: Reader): Promise<readonly Profile[]> {
  const matchingId = matchingIdOf(ok.euiccSigned1.value);
  if (matchingId !== '') {
    const profile = await reader.profileByMatchingId(matchingId);
    return profile === undefined ? [] : [profile];
  }
  const eid = eidIn(ok.euiccCertificate);
  return eid === undefined ? [] : reader.profilesWaitingFor(eid, MOST_WAITING);
}

function matchingIdOf({ ctxParams1 }: EuiccSigned1): MatchingId {
  return (ctxParams1.value.ctxParamsForCommonAuthentication.matchingId ?? '') as MatchingId;
}

async function decide(
  request: Request,
  { session, profiles, uses }: Found,
  env: Env,
): Promise<Decision<Reply>> {
  // A session that is stored was authenticated before, so this is a repeat, however it ended.
  const opened = session === undefined ? env.transactions.find(request.transactionId, env.now) : undefined;
  must(opened, refuseSession.sessionOpen);
  const ok = requireSuccess(request);
  const signed = ok.euiccSigned1.value;
  must(isSameTransaction(request.transactionId, signed.transactionId), refuseSession.sameTransaction);

  // Who is it? The chain, then the signature over the bytes as they came, then freshness.
  const { eid, publicKey } = env.verifyEuicc({ ...ok, ciPKId: opened.euiccCiPKIdToBeUsed, now: env.now });
  must(verify(publicKey, ok.euiccSignature1, ok.euiccSigned1), refuse.signatureInvalid);
  must(isFresh(signed, opened, env), refuse.challengeWrong);
  const euicc = { eid, spki: publicKey.spki };
  env.requireCodeAttempt?.({ ...euicc, ciPKId: opened.euiccCiPKIdToBeUsed });

  // The eUICC is genuine, and need not wait: its session is stored, with or without a Profile.
  const proven = { ok, opened, euicc };
  const decision = await asDecision(() => offerProfile(proven, { profiles, uses }, env));
  return 'refusal' in decision
    ? { ...decision, save: [...decision.save, refusedSession(proven, profiles[0])] }
    : decision;
}

/** An eUICC that has proved itself, with what it signed. */
type Proven = {
  readonly ok: AuthenticateResponseOk;
  readonly opened: OpenTransaction;
  readonly euicc: { readonly eid: Eid; readonly spki: Uint8Array };
};

/** The session is over: its TransactionID cannot be used again. */
function refusedSession({ opened, euicc: { eid } }: Proven, asked: Profile | undefined): Change {
  const { transactionId, smdpCiPKId, expiresAt } = opened;
  const journal = [acceptedEntry(opened)];
  return {
    session: {
      stage: 'refused',
      transactionId,
      version: 0,
      expiresAt,
      smdpCiPKId,
      eid,
      ...(asked !== undefined && { askedFor: asked.iccid }),
      journal,
    },
  };
}

function requireSuccess({ authenticateServerResponse }: Request): AuthenticateResponseOk {
  const response = authenticateServerResponse.value;
  if ('authenticateResponseOk' in response) return response.authenticateResponseOk;
  const { authenticateErrorCode } = response.authenticateResponseError;
  throw refuse.euiccFailed(`its authenticateErrorCode is ${authenticateErrorCode}`);
}

function isFresh(signed: EuiccSigned1, { serverChallenge }: OpenTransaction, env: Env): boolean {
  return (
    sameSecret(signed.serverChallenge, serverChallenge) &&
    sameSmdpAddress(signed.serverAddress, env.smdpAddress)
  );
}

/**
 * Is a Profile waiting for it? The cases are in the order of 5.6.3. Then offers the Profile to the LPA, under our signature over
 * smdpSigned2 | euiccSignature1, and counts the attempt.
 */
async function offerProfile(
  { ok, opened, euicc }: Proven,
  { profiles, uses }: Pick<Found, 'profiles' | 'uses'>,
  env: Env,
): Promise<Decision<Reply>> {
  const { transactionId, smdpCiPKId } = opened;
  const { eid } = euicc;
  const signed = ok.euiccSigned1.value;
  const candidate = {
    eid,
    matchingId: matchingIdOf(signed),
    info: signed.euiccInfo2.value,
    transactionId,
  };
  const choice = chooseProfile(profiles, candidate, env);
  if ('refusal' in choice) return choice;
  const { profile } = choice;
  const { dpPb } = certificatesOf(opened, env);
  const binding = bindingFor(profile, eid, uses);
  const smdpSigned2 = encodeWithBytes(SmdpSigned2, {
    transactionId: fromHex(transactionId),
    ccRequiredFlag: profile.order.confirmationCode !== undefined,
    ...(binding !== undefined && { bppEuiccOtpk: binding.euiccOtpk }),
  });
  const smdpSignature2 = await sign(dpPb, smdpSigned2, ok.euiccSignature1);
  const profileMetadata = metadataForDevice(profile.metadata);
  const counted = countAttempt(profile);
  return {
    notMade: uncheckable(profile, candidate.info),
    reply: { transactionId, profileMetadata, smdpSigned2, smdpSignature2, smdpCertificate: dpPb.certificate },
    save: [
      ...choice.save,
      {
        session: {
          stage: 'authenticated',
          transactionId,
          version: 0,
          expiresAt: env.now + env.limits.sessionSeconds * 1000,
          smdpCiPKId,
          eid,
          iccid: profile.iccid,
          ...(profile.order.id !== undefined && { orderId: profile.order.id }),
          euiccPublicKey: euicc.spki,
          smdpSignature2: smdpSignature2.bytes,
          journal: [acceptedEntry(opened)],
        },
      },
      ...recordCheck({ from: profile, to: counted }, { eid, transactionId }, env),
    ],
  };
}

/** What the package for this eUICC was bound with before: the LPA may ask for it again (3.1.3.2). */
function bindingFor(profile: Released | Downloaded, eid: Eid, uses: readonly Use[]): Binding | undefined {
  const stored = uses.find(({ iccid }) => iccid === profile.iccid);
  return profile.order.reusable ? currentUse(profile, eid, stored)?.binding : profile.binding;
}
