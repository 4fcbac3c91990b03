import { DerError, decode, readAll } from '@esim-rsp/codec';
import { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import type { EUICCInfo2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { capabilityNames } from '@esim-rsp/sgp22/profile/capabilities';
import { type Checks, forCheck, must, Refusal, refusals, type StatusCode } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Env } from '../env.ts';
import { type Change, moveDownload, recordEvent, recordUnchanged } from '../state/change.ts';
import { byDevice, type Cause } from '../state/event.ts';
import { hasExpired } from '../state/order.ts';
import {
  type Downloaded,
  type Failed,
  type OnDevice,
  orderOf,
  type Profile,
  type Released,
} from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import { countAttempt, fail } from '../state/transitions.ts';

/** The checks of ES9+.AuthenticateClient (5.6.3) that decide whether this eUICC may download this Profile now. */
export const eligibilityChecks = {
  orderFound: 'an order waits for the MatchingID or, without one, for the EID',
  eidAllowed: 'the order is for any EID, or for this one',
  notHadBefore: 'the order is not for another eUICC than this one',
  orderReady: 'the profile is released, and its order has not ended',
  notBoundElsewhere: 'no other eUICC has downloaded the profile',
  orderInTime: 'the order has not expired',
  attemptsLeft: 'download attempts are left',
  policyRulesAllowed: 'the eUICC allows the policy rules of the profile',
  capable: 'the eUICC can do what the profile is known to need',
  memoryEnough: 'the eUICC has enough free memory, as far as it is known',
} as const satisfies Checks;

const refuse = refusals({
  matchingIdRefused: ['8.2.6', '3.8', 'no download is waiting under this activation code', 'orderFound'],
  nothingForEid: ['8.1.1', '3.8', 'no download is waiting for this EID', 'orderFound'],
  eidRefused: ['8.1.1', '3.8', 'this profile was ordered for another EID', 'eidAllowed'],
  hadItBefore: [
    '8.1.1',
    '3.8',
    'this profile may go to another eUICC only: this one had it before',
    'notHadBefore',
  ],
  notReleased: ['8.2', '1.2', 'the operator has not released this profile yet', 'orderReady'],
  boundElsewhere: ['8.1.1', '3.8', 'this profile was downloaded by another eUICC', 'notBoundElsewhere'],
  attemptsExhausted: [
    '8.8.5',
    '6.4',
    'the profile was tried too often; ask the operator for a new order',
    'attemptsLeft',
  ],
  pprForbidden: [
    '8.2.5',
    '4.3',
    'the profile has a policy rule that this eUICC forbids',
    'policyRulesAllowed',
  ],
  capabilityMissing: ['8.2.5', '4.3', 'the profile needs something that this eUICC cannot do', 'capable'],
  memoryShort: ['8.1', '4.8', 'the eUICC has not enough free memory for this profile', 'memoryEnough'],
});

type Candidate = {
  readonly eid: Eid;
  readonly matchingId: MatchingId;
  readonly info: EUICCInfo2;
  readonly transactionId: TransactionId;
};
type Refused = { readonly refusal: Refusal; readonly save: readonly Change[] };
type Verdict = { readonly profile: Released | Downloaded } | Refused;

/**
 * The first of these Profiles that the eUICC may download now, or the refusal of the first one. There are several only if the eUICC asks
 * for any order of its EID. What the refused ones before it save is saved in any case.
 */
export function chooseProfile(
  found: readonly Profile[],
  candidate: Candidate,
  env: Env,
): Verdict & { readonly save: readonly Change[] } {
  const refused: Refused[] = [];
  for (const profile of found) {
    const verdict = checkEligibility(profile, candidate, env);
    if ('profile' in verdict) return { ...verdict, save: refused.flatMap(({ save }) => save) };
    refused.push(verdict);
  }
  const refusal = refused[0]?.refusal ?? refusalOfNothing(candidate);
  return { refusal, save: refused.flatMap(({ save }) => save) };
}

function refusalOfNothing({ matchingId }: Candidate): Refusal {
  return matchingId === '' ? refuse.nothingForEid() : refuse.matchingIdRefused();
}

/** Checks in the order of the specification. */
export function checkEligibility(profile: Profile, candidate: Candidate, env: Env): Verdict {
  try {
    if (orderOf(profile) === undefined || profile.upstream !== undefined) throw refusalOfNothing(candidate);
    return checkOrder(requireWaiting(profile, candidate.eid), candidate, env);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refusal: error, save: [] };
  }
}

/**
 * A refusal of the right eUICC carries what is to be saved: that the order has ended, or, because the attempt counts before the
 * eUICC is judged (3.1.3 step 3), the attempt and the event that reports the refusal.
 */
function checkOrder(waiting: Released | Downloaded, candidate: Candidate, env: Env): Verdict {
  const { order } = waiting;
  if (hasExpired(order, env))
    return endOrder(waiting, forCheck('orderInTime', refuseAny.orderExpired)(), candidate, env);
  if (order.downloadAttemptsLeft <= 0) return endOrder(waiting, refuse.attemptsExhausted(), candidate, env);
  const refusal = findMisfit(waiting, candidate.info);
  if (refusal === undefined) return { profile: waiting };
  const counted = countAttempt(waiting);
  const outcome = { from: waiting, to: counted, reason: refusal.status };
  return { refusal, save: recordCheck(outcome, candidate, env) };
}

function requireWaiting(profile: Profile, eid: Eid): Released | Downloaded {
  const linked = orderOf(profile)?.eid;
  must(linked === undefined || linked === eid, refuse.eidRefused);
  must(orderOf(profile)?.notEid !== eid, refuse.hadItBefore);
  switch (profile.state) {
    case 'RELEASED':
    case 'DOWNLOADED':
      must(profile.binding === undefined || profile.binding.eid === eid, refuse.boundElsewhere);
      return profile;
    case 'CONFIRMED':
      throw refuse.notReleased();
    case 'DELETED':
      throw refusalOfDeleted(profile);
    case 'ERROR':
      throw refusalOfEnded(profile);
    default:
      throw notReady('the profile was installed already');
  }
}

const notReady = forCheck('orderReady', refuse.matchingIdRefused);

/** A deleted profile may come back after its cool-down. */
function refusalOfDeleted({ order: { returnsAt } }: OnDevice): Refusal {
  if (returnsAt === undefined) return notReady('the profile was installed already');
  return refuse.notReleased(`it can be downloaded again from ${new Date(returnsAt * 1000).toISOString()} on`);
}

/** An order that ended is refused as it was when it ended, so that the device shows the real cause. */
function refusalOfEnded({ reason }: Failed): Refusal {
  const pair = `${reason.subjectCode}/${reason.reasonCode}` satisfies Pair;
  if (pair === '8.8.5/4.10') return forCheck('orderReady', refuseAny.orderExpired)();
  if (pair === '8.8.5/6.4') return forCheck('orderReady', refuse.attemptsExhausted)();
  return notReady('the order has ended');
}

type Pair = `${StatusCode['subjectCode']}/${StatusCode['reasonCode']}`;

function endOrder(profile: Released | Downloaded, refusal: Refusal, candidate: Candidate, env: Env): Verdict {
  const failed = fail(profile, refusal.status, Math.floor(env.now / 1000));
  return { refusal, save: moveDownload(profile, failed, causeOfCheck(candidate, env)) };
}

/** Saves the attempt, which a reusable order does not count, and that the eUICC was checked. */
export function recordCheck(
  outcome: {
    readonly from: Released | Downloaded;
    readonly to: Released | Downloaded;
    readonly reason?: StatusCode;
  },
  candidate: Pick<Candidate, 'eid' | 'transactionId'>,
  env: Env,
): readonly Change[] {
  const cause = causeOfCheck(candidate, env);
  const { from, to } = outcome;
  return from === to
    ? recordUnchanged('download.checked', outcome, cause)
    : [{ profile: to }, recordEvent('download.checked', outcome, cause)];
}

/** The eligibility check is the first point of a download that operators are notified of (5.3.5). */
function causeOfCheck({ eid, transactionId }: Pick<Candidate, 'eid' | 'transactionId'>, env: Env): Cause {
  return byDevice(eid, env, { transactionId, point: 1 });
}

/** Whether the eUICC forbids the policy rules of the profile, or lacks what it needs, as far as that is known. */
function findMisfit({ metadata, needs }: Profile, info: EUICCInfo2): Refusal | undefined {
  const { forbiddenProfilePolicyRules, uiccCapability, extCardResource } = info;
  const rules = decode(StoreMetadataRequest, metadata).profilePolicyRules ?? new Set();
  const forbidden = [...rules].filter((rule) => forbiddenProfilePolicyRules?.has(rule));
  if (forbidden.length > 0) return refuse.pprForbidden(forbidden.map((rule) => `ppr${rule}`).join(', '));
  if (needs === undefined) return undefined;
  const missing = needs.capabilities.filter((bit) => !uiccCapability.has(bit));
  if (missing.length > 0) return refuse.capabilityMissing(capabilityNames(missing).join(', '));
  const free = freeMemory(extCardResource);
  if (free === undefined || needs.bytes <= free) return undefined;
  return refuse.memoryShort(`it needs ${needs.bytes} bytes and has ${free}`);
}

/** The checks of eligibility that cannot be made, because it is not known what the Profile needs or what the eUICC has. */
export function uncheckable(
  { needs }: Profile,
  { extCardResource }: EUICCInfo2,
): readonly (keyof typeof eligibilityChecks)[] {
  if (needs === undefined) return ['capable', 'memoryEnough'];
  return freeMemory(extCardResource) === undefined ? ['memoryEnough'] : [];
}

/** Free non-volatile memory: 82 in a list of TLVs (ETSI TS 102 226 8.2.1.7.2). Undefined if the octets are no such list. */
function freeMemory(extCardResource: Uint8Array): number | undefined {
  try {
    const free = readAll(extCardResource).find(({ tag }) => tag === 0x82)?.content;
    return free === undefined || free.length === 0
      ? undefined
      : free.reduce((sum, octet) => sum * 256 + octet, 0);
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}
