import { encode, equal } from '@esim-rsp/codec';
import { notificationEvents } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import {
  bppCommandIds,
  errorReasons,
  type OtherSignedNotification,
  ProfileInstallationResult,
} from '@esim-rsp/sgp22/asn1/notification';
import type { Es9Request, Es9Response } from '@esim-rsp/sgp22/functions/es9plus';
import { explainSimaResponse } from '@esim-rsp/sgp22/profile/euicc-response';
import { Refusal, refusals, type StatusCode } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import { iccidFromSwappedBcd, iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import { transactionIdFromBytes } from '@esim-rsp/sgp22/value/transaction-id';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Env } from '../env.ts';
import { contentToRenew, withNewPpk } from '../order/renew-ppk.ts';
import type { Reader } from '../ports.ts';
import type { Decision } from '../run.ts';
import type { Change } from '../state/change.ts';
import { moveDownload, recordEvent, saveDownload } from '../state/change.ts';
import type { ProfileContent } from '../state/content.ts';
import { earlierDevice, withEarlierDevice } from '../state/earlier-devices.ts';
import { byDevice, type Cause } from '../state/event.ts';
import { type OnDevice, orderOf, type Profile } from '../state/profile.ts';
import { canReturn, leaveDevice } from '../state/reuse.ts';
import type { Bound, Cancelled, Session } from '../state/session.ts';
import { fail, report } from '../state/transitions.ts';
import { currentUse, endDownload, type Use } from '../state/use.ts';
import {
  canBeInstalled,
  canReport,
  deviceOf,
  downloadOf,
  isDownloadedBy,
  isLate,
  isOfPresentDownload,
  lastNumberOf,
  type News,
} from '../state/which-installation.ts';
import { eidIn } from './eid-in.ts';
import type { Es9Function } from './es9-function.ts';
import { certificatesOf, endSession, isOrderKept } from './session.ts';

/** Why a notification changes nothing. It is acknowledged all the same; the journal and the list of refused calls say why. */
const unexpected = refusals({
  transactionUnknown: [
    '8.10.1',
    '3.9',
    'no transaction of this name waits for the result of an installation',
  ],
  resultRepeated: ['8.10.1', '3.3', 'the result of this transaction came before'],
  signatureInvalid: ['8.1', '6.1', 'the signature or the certificates of the notification are wrong'],
  oidWrong: ['8.8', '3.10', 'smdpOid is not the OID of this SM-DP+'],
  iccidWrong: ['8.2.1', '3.10', 'the result names another profile than its transaction'],
  earlierDownload: [
    '8.2',
    '3.3',
    'the result is that of an earlier download of this order: the eUICC has started another one since',
  ],
  orderEnded: ['8.2.6', '3.9', 'the order of this download was cancelled or reset'],
  notAwaited: [
    '8.2',
    '1.2',
    'the profile does not wait for this result: its eUICC has reported more, or another eUICC has it',
  ],
  profileUnknown: ['8.2.1', '3.9', 'no profile with the ICCID of the notification'],
  otherEuicc: ['8.1.1', '3.10', 'the profile is not on this eUICC'],
  operationUnknown: ['1.6', '2.1', 'the notification does not name one known event'],
  formerProfile: [
    '8.2',
    '1.2',
    'a profile with this ICCID was deleted, and the message may be about that one: the result of the installation of this one must come first',
  ],
  earlierInstallation: [
    '8.2',
    '1.2',
    'the eUICC had the profile before, and the message may be about that installation: the result of the present one must come first',
  ],
  late: ['8.2', '3.3', 'the eUICC has reported more recent events before'],
});

type Request = Es9Request<'handleNotification'>;
type Reply = Es9Response<'handleNotification'>;
type Found = {
  readonly session?: Session | undefined;
  readonly profile?: Profile | undefined;
  /** Only if the Profile may return when it is deleted, and then need new keys. */
  readonly content?: ProfileContent | undefined;
  /** What the eUICC of the message does with the Profile, only if its order is reusable. */
  readonly use?: Use | undefined;
  /** Whether a Profile with the same ICCID was deleted before this one was created. */
  readonly hasFormer?: boolean;
};

/**
 * ES9+.HandleNotification (5.6.4): what an eUICC reports. Everything that can be read is acknowledged, so that
 * the LPA stops sending; only what proves to be genuine and new changes anything.
 */
export const handleNotification: Es9Function<Request, Found, Reply> = { load, decide, checks: {} };

async function load({ pendingNotification }: Request, reader: Reader): Promise<Found> {
  const notification = pendingNotification.value;
  if ('otherSignedNotification' in notification) {
    return findReported(notification.otherSignedNotification, reader);
  }
  const { transactionId } = notification.profileInstallationResult.profileInstallationResultData.value;
  const session = await reader.session(transactionIdFromBytes(transactionId));
  if (session === undefined || !('iccid' in session)) return { session };
  const profile = await reader.profile(session.iccid);
  return { session, profile, use: await findUse(profile, session.eid, reader) };
}

async function findUse(
  profile: Profile | undefined,
  eid: Eid | undefined,
  reader: Reader,
): Promise<Use | undefined> {
  const isReusable = profile !== undefined && orderOf(profile)?.reusable === true;
  if (!isReusable || eid === undefined) return undefined;
  return currentUse(profile, eid, await reader.use(profile.iccid, eid));
}

async function findReported(
  { tbsOtherNotification, euiccCertificate }: OtherSignedNotification,
  reader: Reader,
): Promise<Found> {
  const { iccid } = tbsOtherNotification.value;
  const profile = iccid === undefined ? undefined : await findProfile(iccid, reader);
  const order = profile && orderOf(profile);
  const content = order && canReturn(order) ? await contentToRenew(profile, reader) : undefined;
  const use = await findUse(profile, eidIn(euiccCertificate), reader);
  const hasFormer =
    profile !== undefined && isOutWithoutReport(profile) && (await reader.hasFormer(profile.iccid));
  return { profile, content, use, hasFormer };
}

/** Whether an eUICC may have the Profile that has reported nothing about it. */
function isOutWithoutReport(profile: Profile): boolean {
  return profile.state === 'DOWNLOADED' || orderOf(profile)?.reusable === true;
}

async function findProfile(iccid: Uint8Array, reader: Reader): Promise<Profile | undefined> {
  try {
    return await reader.profile(iccidFromSwappedBcd(iccid));
  } catch (error) {
    if (error instanceof ValueError) return undefined; // octets that hold no ICCID name no Profile
    throw error;
  }
}

function decide({ pendingNotification }: Request, found: Found, env: Env): Decision<Reply> {
  const notification = pendingNotification.value;
  const { save, ignored } =
    'profileInstallationResult' in notification
      ? recordResult(notification.profileInstallationResult, found, env)
      : recordReport(notification.otherSignedNotification, found, env);
  const { profile, content } = found;
  return {
    reply: undefined,
    save: withNewPpk(save, { profile, content }, env),
    ...(ignored !== undefined && { ignored }),
  };
}

type Outcome = { readonly save: readonly Change[]; readonly ignored?: StatusCode };

/** ProfileInstallationResult: the end of a download, good or bad. It counts whenever it arrives, once. */
function recordResult(
  result: ProfileInstallationResult,
  { session, profile, use }: Found,
  env: Env,
): Outcome {
  if (session?.stage === 'ended') return ignore(unexpected.resultRepeated);
  if (session?.stage !== 'bound' && session?.stage !== 'cancelled')
    return ignore(unexpected.transactionUnknown);
  const { bytes, value: data } = result.profileInstallationResultData;
  if (!env.verifyingKey(session.euiccPublicKey).verify(result.euiccSignPIR, bytes))
    return ignore(unexpected.signatureInvalid);
  if (data.smdpOid !== undefined && data.smdpOid !== certificatesOf(session, env).oid)
    return ignore(unexpected.oidWrong);
  const { iccid } = data.notificationMetadata;
  if (iccid !== undefined && !equal(iccid, iccidToSwappedBcd(session.iccid)))
    return ignore(unexpected.iccidWrong);
  const ended = { session: endSession(session) };
  if (profile === undefined || !isOrderKept(profile, session))
    return { save: [ended], ignored: unexpected.orderEnded().status };
  if ('errorResult' in data.finalResult && downloadOf(session, profile, use) === 'earlier')
    return { save: [ended], ignored: unexpected.earlierDownload().status };
  const changes = applyResult(result, { profile, session, use }, env);
  if (changes === undefined) return { save: [ended], ignored: unexpected.notAwaited().status };
  return { save: [ended, ...changes] };
}

type Awaited = {
  readonly profile: Profile;
  readonly session: Bound | Cancelled;
  readonly use: Use | undefined;
};

/** undefined: the Profile does not wait for this result. */
function applyResult(
  result: ProfileInstallationResult,
  { profile, session, use }: Awaited,
  env: Env,
): readonly Change[] | undefined {
  const { finalResult, notificationMetadata } = result.profileInstallationResultData.value;
  const now = Math.floor(env.now / 1000);
  const cause = causeOf(result, session, env);
  const { eid } = session;
  const { seqNumber } = notificationMetadata;
  const isLateResult = seqNumber <= lastNumberOf(profile, eid, use);
  if (isLateResult && downloadOf(session, profile, use) !== 'present') return undefined;
  if ('successResult' in finalResult) {
    if (!canBeInstalled(profile, eid)) return undefined;
    return move(profile, report(profile, 'INSTALLED', { eid, seqNumber }, now), cause, use);
  }
  const reason = installationFailure(finalResult.errorResult);
  if (profile.state === 'ERROR') {
    const failed = fail(profile, reason, now, { eid, seqNumber });
    return [{ profile: failed }, recordEvent('profile.error', { from: profile, to: failed, reason }, cause)];
  }
  if (!isDownloadedBy(profile, eid)) return undefined;
  return move(profile, fail(profile, reason, now, { eid, seqNumber }), cause, use);
}

/** Saves the Profile, and what this eUICC does with it if its order is reusable: the download is over. */
function move(from: Profile, to: Profile, cause: Cause, use: Use | undefined): readonly Change[] {
  const device = to.state === 'RELEASED' ? to.device : undefined;
  if (use === undefined) return moveDownload(from, to, cause);
  const used = { use: { ...endDownload(use), ...(device !== undefined && { device }) } };
  const isSame = device !== undefined && device.state === use.device?.state; // no news of this eUICC
  return isSame ? [saveDownload(to), used] : [...moveDownload(from, to, cause), used];
}

function ignore(refusal: () => Refusal): Outcome {
  return { save: [], ignored: refusal().status };
}

/** Results are some hundred octets; longer ones are not stored. */
const MOST_RESULT_OCTETS = 2048;

function causeOf(
  result: ProfileInstallationResult,
  { eid, transactionId }: Bound | Cancelled,
  env: Env,
): Cause {
  const resultData = encode(ProfileInstallationResult, result);
  const kept = resultData.length <= MOST_RESULT_OCTETS && { resultData };
  return byDevice(eid, env, { transactionId, point: 4, ...kept });
}

function nameOf(table: Readonly<Record<string, number>>, code: number): string {
  return Object.entries(table).find(([, value]) => value === code)?.[0] ?? String(code);
}

function installationFailure(error: {
  readonly bppCommandId: number;
  readonly errorReason: number;
  readonly simaResponse?: Uint8Array;
}): StatusCode {
  const reason = nameOf(errorReasons, error.errorReason);
  const command = nameOf(bppCommandIds, error.bppCommandId);
  const details = error.simaResponse === undefined ? undefined : explainSimaResponse(error.simaResponse);
  const message = `the eUICC could not install the profile: ${reason} at ${command}`;
  return {
    subjectCode: '8.2.10',
    reasonCode: '4.2',
    message: details === undefined ? message : `${message} (${details})`,
  };
}

const stateAfter: Readonly<Record<number, OnDevice['state']>> = {
  [notificationEvents.notificationInstall]: 'INSTALLED',
  [notificationEvents.notificationEnable]: 'ENABLED',
  [notificationEvents.notificationDisable]: 'DISABLED',
  [notificationEvents.notificationDelete]: 'DELETED',
};

/** OtherSignedNotification: the Profile was enabled, disabled or deleted on its device. */
function recordReport(notification: OtherSignedNotification, found: Found, env: Env): Outcome {
  const { profile, use, hasFormer } = found;
  if (profile === undefined) return ignore(unexpected.profileUnknown);
  const { bytes, value: metadata } = notification.tbsOtherNotification;
  const eid = findSender(notification, bytes, env);
  if (eid === undefined) return ignore(unexpected.signatureInvalid);
  const [event, ...others] = metadata.profileManagementOperation;
  const state = event === undefined || others.length > 0 ? undefined : stateAfter[event];
  if (state === undefined) return ignore(unexpected.operationUnknown);
  const { seqNumber } = metadata;
  const news: News = { eid, state, seqNumber };
  if (!canReport(profile, eid, use)) return noteEarlier(profile, news, unexpected.otherEuicc);
  const before = deviceOf(profile, eid, use);
  const earlier = before ?? earlierDevice(profile, eid);
  if (isLate(before, state, seqNumber) || (earlier !== undefined && seqNumber <= earlier.lastSeqNumber))
    return ignore(unexpected.late);
  if (before === undefined && !isOfPresentDownload(profile, eid, hasFormer))
    return noteEarlier(
      profile,
      news,
      earlier === undefined ? unexpected.formerProfile : unexpected.earlierInstallation,
    );
  const after = report(profile, state, { eid, seqNumber }, Math.floor(env.now / 1000));
  const cause = byDevice(eid, env);
  const save =
    after.state === 'DELETED' && profile.state !== 'DELETED'
      ? leaveDevice(profile, after, cause, env).save
      : move(profile, after, cause, use);
  return { save };
}

/** The news is about an earlier installation, or nothing: the Profile stays as it is, and the number is stored. */
function noteEarlier(profile: Profile, { eid, state, seqNumber }: News, why: () => Refusal): Outcome {
  const known = earlierDevice(profile, eid);
  const isNews = known?.eid === eid && seqNumber > known.lastSeqNumber;
  if (!isNews || orderOf(profile)?.reusable === true) return ignore(why);
  const device = { eid, lastSeqNumber: seqNumber, isDeleted: state === 'DELETED' };
  const noted = { ...profile, earlierDevices: withEarlierDevice(profile, device) };
  return { save: [{ profile: noted }], ignored: why().status };
}

function findSender(notification: OtherSignedNotification, signed: Uint8Array, env: Env) {
  try {
    const { eid, publicKey } = env.verifyEuicc({ ...notification, now: env.now });
    return publicKey.verify(notification.euiccNotificationSignature, signed) ? eid : undefined;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
