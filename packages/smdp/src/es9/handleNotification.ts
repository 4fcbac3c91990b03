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
import { Refusal, type StatusCode } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import { iccidFromSwappedBcd, iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import { transactionIdFromBytes } from '@esim-rsp/sgp22/value/transaction-id';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Env } from '../env.ts';
import { contentToRenew, withNewPpk } from '../order/renew-ppk.ts';
import type { Reader } from '../ports.ts';
import type { Decision } from '../run.ts';
import type { Change } from '../state/change.ts';
import { moveProfile } from '../state/change.ts';
import type { ProfileContent } from '../state/content.ts';
import { byDevice, type Cause } from '../state/event.ts';
import {
  type Downloaded,
  eidOf,
  type OnDevice,
  orderOf,
  type Profile,
  type Released,
} from '../state/profile.ts';
import { canReturn, leaveDevice } from '../state/reuse.ts';
import type { Bound, Session } from '../state/session.ts';
import { fail, report } from '../state/transitions.ts';
import type { Es9Function } from './es9-function.ts';
import { certificatesOf, endSession, isOrderKept } from './session.ts';

type Request = Es9Request<'handleNotification'>;
type Reply = Es9Response<'handleNotification'>;
type Found = {
  readonly session?: Session | undefined;
  readonly profile?: Profile | undefined;
  /** Only if the Profile may return when it is deleted, and then need new keys. */
  readonly content?: ProfileContent | undefined;
};

/**
 * ES9+.HandleNotification (5.6.4): what an eUICC reports. Everything that can be read is acknowledged, so that
 * the LPA stops sending; only what proves to be genuine and new changes anything.
 */
export const handleNotification: Es9Function<Request, Found, Reply> = { load, decide, checks: {} };

async function load({ pendingNotification }: Request, reader: Reader): Promise<Found> {
  const notification = pendingNotification.value;
  if ('otherSignedNotification' in notification) {
    const { iccid } = notification.otherSignedNotification.tbsOtherNotification.value;
    return findReported(iccid, reader);
  }
  const { transactionId } = notification.profileInstallationResult.profileInstallationResultData.value;
  const session = await reader.session(transactionIdFromBytes(transactionId));
  if (session === undefined || !('iccid' in session)) return { session };
  return { session, profile: await reader.profile(session.iccid) };
}

async function findReported(iccid: Uint8Array | undefined, reader: Reader): Promise<Found> {
  const profile = iccid === undefined ? undefined : await findProfile(iccid, reader);
  const order = profile && orderOf(profile);
  const content = order && canReturn(order) ? await contentToRenew(profile, reader) : undefined;
  return { profile, content };
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
  const save =
    'profileInstallationResult' in notification
      ? recordResult(notification.profileInstallationResult, found, env)
      : recordReport(notification.otherSignedNotification, found, env);
  const { profile, content } = found;
  return { reply: undefined, save: withNewPpk(save, { profile, content }, env) };
}

/** ProfileInstallationResult: the end of a download, good or bad. */
function recordResult(
  result: ProfileInstallationResult,
  { session, profile }: Found,
  env: Env,
): readonly Change[] {
  if (session?.stage !== 'bound') return []; // unknown, or its result came already
  const { bytes, value: data } = result.profileInstallationResultData;
  const { iccid, seqNumber } = data.notificationMetadata;
  const genuine =
    env.verifyingKey(session.euiccPublicKey).verify(result.euiccSignPIR, bytes) &&
    (data.smdpOid === undefined || data.smdpOid === certificatesOf(session, env).oid) &&
    (iccid === undefined || equal(iccid, iccidToSwappedBcd(session.iccid)));
  if (!genuine) return [];
  const ended = { session: endSession(session) };
  if (profile === undefined || !isOrderKept(profile, session) || !isAwaited(profile, session.eid))
    return [ended];
  const now = Math.floor(env.now / 1000);
  const { finalResult } = data;
  const after =
    'successResult' in finalResult
      ? report(profile, 'INSTALLED', { eid: session.eid, seqNumber }, now)
      : fail(profile, installationFailure(finalResult.errorResult), now);
  return [ended, ...moveProfile(profile, after, causeOf(result, session, env))];
}

/** Results are some hundred octets; longer ones are not stored. */
const MOST_RESULT_OCTETS = 2048;

function causeOf(result: ProfileInstallationResult, { eid, transactionId }: Bound, env: Env): Cause {
  const resultData = encode(ProfileInstallationResult, result);
  const kept = resultData.length <= MOST_RESULT_OCTETS && { resultData };
  return byDevice(eid, env, { transactionId, point: 4, ...kept });
}

/** Whether a result of this eUICC is expected: it has the package, or the order is reusable. */
function isAwaited(profile: Profile, eid: Eid): profile is Released | Downloaded {
  if (profile.state === 'DOWNLOADED') return profile.binding.eid === eid;
  return profile.state === 'RELEASED' && profile.order.reusable === true;
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
function recordReport(
  notification: OtherSignedNotification,
  { profile }: Found,
  env: Env,
): readonly Change[] {
  if (profile === undefined || !canReport(profile)) return [];
  const { bytes, value: metadata } = notification.tbsOtherNotification;
  const eid = findSender(notification, bytes, env);
  if (eid === undefined || eid !== eidOf(profile)) return [];
  const [event, ...others] = metadata.profileManagementOperation;
  const state = event === undefined || others.length > 0 ? undefined : stateAfter[event];
  if (state === undefined || isLate(profile, state, metadata.seqNumber)) return [];
  const { seqNumber } = metadata;
  const now = Math.floor(env.now / 1000);
  const after = report(profile, state, { eid, seqNumber }, now);
  const cause = byDevice(eid, env);
  return after.state === 'DELETED' && profile.state !== 'DELETED'
    ? leaveDevice(profile, after, cause, env).save
    : moveProfile(profile, after, cause);
}

/** Whether the profile has a device that can report something. */
function canReport(profile: Profile): profile is Released | Downloaded | OnDevice {
  return profile.state === 'DOWNLOADED' || ('device' in profile && profile.device !== undefined);
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

/** Whether the eUICC has reported something more recent before: its sequence numbers only grow. */
function isLate(
  profile: Released | Downloaded | OnDevice,
  state: OnDevice['state'],
  seqNumber: number,
): boolean {
  if (!('device' in profile) || profile.device === undefined) return false;
  const { lastSeqNumber, state: known = profile.state } = profile.device;
  return seqNumber <= lastSeqNumber || (state === 'INSTALLED' && known !== 'INSTALLED');
}
