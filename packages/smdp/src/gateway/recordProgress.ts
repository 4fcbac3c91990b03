import { reasons, type StatusCode, subjects } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { type CallFingerprint, fingerprint } from '../state/calls.ts';
import { type Change, moveProfile, recordEvent } from '../state/change.ts';
import { earlierDevice } from '../state/earlier-devices.ts';
import { byDevice, bySystem, type Cause, type NotificationPoint } from '../state/event.ts';
import type { CallFault } from '../state/gateway/operation.ts';
import { bindingOf } from '../state/order.ts';
import { eidOf, isOnDevice, type OnDevice, orderOf, type Profile } from '../state/profile.ts';
import { leaveDevice } from '../state/reuse.ts';
import { download, fail, report } from '../state/transitions.ts';

/** What a notification point means: the first four are those of the specification (5.3.5). */
export type ProgressMeaning =
  | 'eligibility'
  | 'confirmation_code'
  | 'downloaded'
  | 'installed'
  | 'enabled'
  | 'disabled'
  | 'deleted';

export type RecordProgressRequest = {
  readonly account: string;
  readonly upstream: string;
  readonly iccid: Iccid;
  readonly eid?: Eid;
  readonly point: number;
  /** Absent: the point is not known. */
  readonly meaning?: ProgressMeaning;
  /** Unix seconds, by the clock of the upstream. */
  readonly at: number;
  /** Absent: it went well. */
  readonly fault?: CallFault;
  readonly resultData?: Uint8Array;
};

/** `ignored`: the upstream has no such profile here, or it was reported before. */
export type RecordedProgress = 'recorded' | 'ignored';

/** ES2+.HandleDownloadProgressInfo (5.3.5) of an upstream: what a device does with one of its Profiles. It may come late, twice or in another order. */
export const recordProgress: ProtocolFunction<RecordProgressRequest, Profile | undefined, RecordedProgress> =
  {
    load: ({ iccid }, reader) => reader.profile(iccid),
    decide: (request, profile, env): Decision<RecordedProgress> => {
      const { account, upstream } = request;
      if (profile?.account !== account || profile.upstream !== upstream)
        return { reply: 'ignored', save: [] };
      const call = fingerprintOf(request);
      if (profile.es2Calls?.includes(call)) return { reply: 'ignored', save: [] };
      const moved = move(profile, request, env) ?? [];
      const save = moved.length > 0 ? moved : [{ profile }, recordOnly(profile, request, env)];
      return { reply: 'recorded', save: save.map((change) => withCall(change, call)) };
    },
  };

function fingerprintOf({ upstream, eid, point, at, fault }: RecordProgressRequest): CallFingerprint {
  return fingerprint(
    'handleDownloadProgressInfo',
    upstream,
    eid,
    point,
    at,
    fault?.subjectCode,
    fault?.reasonCode,
  );
}

const REMEMBERED_CALLS = 32;

function withCall(change: Change, call: CallFingerprint): Change {
  if (!('profile' in change)) return change;
  const { es2Calls = [] } = change.profile;
  return {
    ...change,
    profile: { ...change.profile, es2Calls: [...es2Calls, call].slice(-REMEMBERED_CALLS) },
  };
}

const points: Readonly<Partial<Record<ProgressMeaning, NotificationPoint>>> = {
  eligibility: 1,
  confirmation_code: 2,
  downloaded: 3,
  installed: 4,
};

function causeOf({ eid, meaning, resultData }: RecordProgressRequest, env: Env): Cause {
  const point = meaning && points[meaning];
  const of = { ...(point !== undefined && { point }), ...(resultData !== undefined && { resultData }) };
  return eid === undefined ? { ...bySystem(env), ...of } : byDevice(eid, env, of);
}

/** The changes of a point that moves the Profile; undefined: it moves none, or comes late. */
function move(profile: Profile, request: RecordProgressRequest, env: Env): readonly Change[] | undefined {
  const { meaning, at, fault } = request;
  const eid = request.eid ?? eidOf(profile);
  const cause = causeOf(request, env);
  const now = Math.floor(env.now / 1000);
  const isWaiting = profile.state === 'RELEASED' || profile.state === 'DOWNLOADED';
  if (isWaiting && isOfEarlierOrder(profile, eid, at)) return undefined;
  if (fault !== undefined) {
    const isEnd = meaning === 'downloaded' || meaning === 'installed';
    if (!isWaiting || !isEnd) return undefined;
    return moveProfile(profile, fail(profile, reasonOf(fault), now), cause);
  }
  if (eid === undefined) return undefined;
  if (meaning === 'downloaded') {
    if (profile.state !== 'RELEASED') return undefined;
    return moveProfile(profile, download(profile, bindingElsewhere(eid), now), cause);
  }
  if (meaning === 'installed' && !isWaiting) return undefined;
  const state = meaning && deviceStates[meaning];
  if (state === undefined || !(isWaiting || isOnDevice(profile))) return undefined;
  if (isOnDevice(profile) && at < profile.device.lastNotificationAt) return undefined;
  if (profile.state === state) return undefined;
  const reported = report(profile, state, { eid, seqNumber: NOT_NUMBERED }, now) as OnDevice;
  const after: OnDevice = { ...reported, device: { ...reported.device, lastNotificationAt: at } };
  if (state === 'DELETED') return leaveDevice(profile, after, cause, env).save;
  return moveProfile(profile, after, cause);
}

/** Whether an eUICC that had the Profile before reports what happened then: before the present order was released. */
function isOfEarlierOrder(profile: Profile, eid: Eid | undefined, at: number): boolean {
  const { releasedAt } = orderOf(profile) ?? {};
  return (
    eid !== undefined &&
    releasedAt !== undefined &&
    at < releasedAt &&
    earlierDevice(profile, eid) !== undefined
  );
}

const deviceStates = {
  eligibility: undefined,
  confirmation_code: undefined,
  downloaded: undefined,
  installed: 'INSTALLED',
  enabled: 'ENABLED',
  disabled: 'DISABLED',
  deleted: 'DELETED',
} as const;

/** An upstream reports no sequence numbers: its times order its reports. */
const NOT_NUMBERED = -1;

/** The upstream has bound the package: this SM-DP+ has no keys of it. */
function bindingElsewhere(eid: Eid) {
  const none = new Uint8Array();
  return bindingOf({ eid, euiccOtpk: none, otSkDp: none, hostId: none });
}

/** What changes nothing is kept: a check, a wrong code, a point that is not known, or one that comes late. */
function recordOnly(profile: Profile, request: RecordProgressRequest, env: Env): Change {
  const { meaning, fault, point } = request;
  const cause = causeOf(request, env);
  const facts = { from: profile, to: profile };
  const reason = fault && reasonOf(fault);
  if (meaning === 'eligibility' && reason === undefined) return recordEvent('download.checked', facts, cause);
  if (meaning === 'eligibility') return recordEvent('download.refused', { ...facts, reason }, cause);
  if (meaning === 'confirmation_code' && reason !== undefined)
    return recordEvent('confirmation_code.wrong', { ...facts, reason }, cause);
  const result = fault === undefined ? '' : ` failed: ${textOf(fault)}`;
  const message = `point ${point}${meaning === undefined ? '' : ` (${meaning})`}${result}`;
  return recordEvent('upstream.reported', { ...facts, message }, cause);
}

/** The codes of an upstream; others than those of the specification are in the text. */
function reasonOf(fault: CallFault): StatusCode {
  const { subjectCode = '', reasonCode = '', message } = fault;
  if (Object.hasOwn(subjects, subjectCode) && Object.hasOwn(reasons, reasonCode))
    return { subjectCode, reasonCode, message } as StatusCode;
  return { subjectCode: '8', reasonCode: '4.2', message: textOf(fault) };
}

function textOf({ subjectCode, reasonCode, message }: CallFault): string {
  return subjectCode === undefined ? message : `${subjectCode}/${reasonCode ?? ''} ${message}`;
}
