import { generateOneTimeKey } from '@esim-rsp/sgp22/crypto/ecka';
import type { StatusCode } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import { type TransactionId, transactionIdFromBytes } from '@esim-rsp/sgp22/value/transaction-id';
import type { Env } from '@esim-rsp/smdp/env';
import { type Change, moveDownload, moveProfile, recordEvent } from '@esim-rsp/smdp/state/change';
import { byDevice, byUser } from '@esim-rsp/smdp/state/event';
import type { JournalEntry } from '@esim-rsp/smdp/state/journal';
import { bindingOf } from '@esim-rsp/smdp/state/order';
import type { Downloaded, OnDevice, Profile, Released } from '@esim-rsp/smdp/state/profile';
import type { Session } from '@esim-rsp/smdp/state/session';
import { download, fail, report } from '@esim-rsp/smdp/state/transitions';

/** A demo profile with what is recorded of its past: events, and the sessions of downloads. */
export type Past<P extends Profile = Profile> = { readonly profile: P; readonly records: readonly Change[] };

/** The time some minutes after that of `env`, but never after the moment of the start. */
export function later(env: Env, minutes: number): Env {
  return { ...env, now: env.now + minutes * 60_000 };
}

export function seconds({ now }: Env): number {
  return Math.floor(now / 1000);
}

/** Only what was recorded: a demo profile is saved once, in its last state. */
export function recordsIn(changes: readonly Change[]): readonly Change[] {
  return changes.filter((change) => 'event' in change || 'session' in change);
}

/** A user brought the profile to this state. */
export function movedByUser<P extends Profile>({ profile, records }: Past, to: P, env: Env): Past<P> {
  return { profile: to, records: [...records, ...recordsIn(moveProfile(profile, to, byUser(env)))] };
}

/** A phone downloaded the profile, and its result is awaited. */
export function downloadedTo(
  { profile, records }: Past<Released>,
  eid: Eid,
  env: Env,
): Past<Released | Downloaded> {
  const { otPk: euiccOtpk } = generateOneTimeKey('P-256', env.random);
  const { otSk: otSkDp } = generateOneTimeKey('P-256', env.random);
  const binding = bindingOf({ eid, euiccOtpk, otSkDp, hostId: env.random(16) });
  const transactionId = transactionAt(env);
  const to = download(profile, binding, seconds(env));
  const session: Session = {
    ...sessionOf(transactionId, env),
    stage: 'bound',
    eid,
    iccid: profile.iccid,
    ...(profile.order.id !== undefined && { orderId: profile.order.id }),
    euiccPublicKey: env.random(91),
    smdpSignature2: env.random(67),
    euiccOtpk,
    journal: downloadJournal(env),
  };
  const moved = recordsIn(moveDownload(profile, to, byDevice(eid, env, { transactionId })));
  return { profile: to, records: [...records, { session }, ...moved] };
}

/** The phone reported a state. The first report ends the session of the download. */
export function reportedBy(
  { profile, records }: Past<Released | Downloaded | OnDevice>,
  state: OnDevice['state'],
  { eid, seqNumber }: { readonly eid: Eid; readonly seqNumber: number },
  env: Env,
): Past<Released | OnDevice> {
  const to = report(profile, state, { eid, seqNumber }, seconds(env));
  const moved = recordsIn(moveDownload(profile, to, byDevice(eid, env)));
  return { profile: to, records: [...endedSessions(records, env), ...moved] };
}

/** The phone reported that it could not install the profile. */
export function failedAt(
  { profile, records }: Past<Released | Downloaded>,
  eid: Eid,
  reason: StatusCode,
  env: Env,
): Past {
  const to = fail(profile, reason, seconds(env));
  const moved = recordsIn(moveDownload(profile, to, byDevice(eid, env)));
  return { profile: to, records: [...endedSessions(records, env, reason), ...moved] };
}

/** A phone asked for the profile and did not get it: `check` of AuthenticateClient refused it. */
export function refusedTo<P extends Profile>(
  { profile, records }: Past<P>,
  eid: Eid,
  { reason, check }: { readonly reason: StatusCode; readonly check: string },
  env: Env,
): Past<P> {
  const transactionId = transactionAt(env);
  const session: Session = {
    ...sessionOf(transactionId, env),
    stage: 'refused',
    eid,
    askedFor: profile.iccid,
    journal: [opening(env), { function: 'authenticateClient', at: env.now + 400, check, refused: reason }],
  };
  const cause = byDevice(eid, env, { transactionId });
  const event = recordEvent('download.refused', { from: profile, to: profile, reason }, cause);
  return { profile, records: [...records, { session }, event] };
}

function sessionOf(transactionId: TransactionId, env: Env) {
  const smdpCiPKId = env.certificates[0]?.ciPKId ?? env.random(20);
  return { transactionId, smdpCiPKId, expiresAt: env.now + env.limits.resultSeconds * 1000, version: 0 };
}

/** As a transactionId of this server it begins with the time. It is random, so it continues no download. */
function transactionAt({ now, random }: Env): TransactionId {
  const bytes = new Uint8Array(random(16));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(now / 2 ** 32));
  view.setUint32(2, now % 2 ** 32);
  return transactionIdFromBytes(bytes);
}

function opening({ now }: Env): JournalEntry {
  return { function: 'initiateAuthentication', at: now, check: 'certificateAvailable' };
}

function downloadJournal(env: Env): readonly JournalEntry[] {
  return [
    opening(env),
    { function: 'authenticateClient', at: env.now + 400, check: 'certificatesKept' },
    {
      function: 'getBoundProfilePackage',
      at: env.now + 6_000,
      check: 'keyValid',
      notMade: ['codeAttemptsLeft', 'codeSent', 'codeRight'],
    },
  ];
}

function endedSessions(records: readonly Change[], env: Env, reported?: StatusCode): readonly Change[] {
  return records.map((change) => {
    if (!('session' in change) || change.session.stage !== 'bound') return change;
    const entry = { function: 'handleNotification', at: env.now, ...(reported && { reported }) };
    return {
      session: { ...change.session, stage: 'ended', journal: [...(change.session.journal ?? []), entry] },
    };
  });
}
