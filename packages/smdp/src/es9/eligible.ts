import { DerError, decode, readAll } from '@esim-rsp/codec';
import { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import type { EUICCInfo2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { must, type Refusal, refusals, type StatusCode } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Env } from '../env.ts';
import type { Change } from '../state/change.ts';
import { moveProfile, recordEvent } from '../state/change.ts';
import { byDevice, type Cause } from '../state/event.ts';
import {
  type Downloaded,
  type Failed,
  type OnDevice,
  orderOf,
  type Profile,
  type Released,
} from '../state/profile.ts';
import { fail } from '../state/transitions.ts';

/** The business half of ES9+.AuthenticateClient (5.6.3): may this eUICC download this Profile now? */
const refuse = refusals({
  matchingIdRefused: ['8.2.6', '3.8', 'no download is waiting under this activation code'],
  nothingForEid: ['8.1.1', '3.8', 'no download is waiting for this EID'],
  eidRefused: ['8.1.1', '3.8', 'this profile was ordered for another EID'],
  hadItBefore: ['8.1.1', '3.8', 'this profile may go to another eUICC only: this one had it before'],
  boundElsewhere: ['8.1.1', '3.8', 'this profile was downloaded by another eUICC'],
  notReleased: ['8.2', '1.2', 'the operator has not released this profile yet'],
  orderExpired: ['8.8.5', '4.10', 'the download order has expired; ask the operator for a new one'],
  attemptsExhausted: ['8.8.5', '6.4', 'the profile was tried too often; ask the operator for a new order'],
  capabilityMissing: ['8.2.5', '4.3', 'the profile needs something that this eUICC cannot do'],
  memoryShort: ['8.1', '4.8', 'the eUICC has not enough free memory for this profile'],
  pprForbidden: ['8.2.5', '4.3', 'the profile has a policy rule that this eUICC forbids'],
});

type Candidate = {
  readonly eid: Eid;
  readonly matchingId: MatchingId;
  readonly info: EUICCInfo2;
  readonly transactionId: TransactionId;
};
type Verdict =
  | { readonly profile: Released | Downloaded }
  | { readonly refusal: Refusal; readonly save: readonly Change[] };

/**
 * Checks in the order of the specification. A refusal of the right eUICC carries what is to be saved: that the order has
 * ended, or what the operator is told.
 */
export function eligible(profile: Profile | undefined, candidate: Candidate, env: Env): Verdict {
  if (profile === undefined || orderOf(profile) === undefined)
    throw candidate.matchingId === '' ? refuse.nothingForEid() : refuse.matchingIdRefused();
  const waiting = pending(profile, candidate.eid);
  const now = Math.floor(env.now / 1000);
  const { order } = waiting;
  if (order.expiresAt !== undefined && order.expiresAt <= now)
    return ended(waiting, refuse.orderExpired(), candidate, env);
  if (order.downloadAttemptsLeft <= 0) return ended(waiting, refuse.attemptsExhausted(), candidate, env);
  const refusal = unfit(waiting, candidate.info);
  if (refusal === undefined) return { profile: waiting };
  const outcome = { from: waiting, to: waiting, reason: refusal.status };
  return { refusal, save: [recordEvent('download.checked', outcome, checked(candidate, env))] };
}

function pending(profile: Profile, eid: Eid): Released | Downloaded {
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
      throw gone(profile);
    case 'ERROR':
      throw again(profile);
    default:
      throw refuse.matchingIdRefused('the profile was installed already');
  }
}

/** It may come back after its cool-down. */
function gone({ order: { returnsAt } }: OnDevice): Refusal {
  if (returnsAt === undefined) return refuse.matchingIdRefused('the profile was installed already');
  return refuse.notReleased(`it can be downloaded again from ${new Date(returnsAt * 1000).toISOString()} on`);
}

/** An order that ended is refused as it was when it ended, so that the device shows the real cause. */
function again({ reason }: Failed): Refusal {
  const pair = `${reason.subjectCode}/${reason.reasonCode}` satisfies Pair;
  if (pair === '8.8.5/4.10') return refuse.orderExpired();
  if (pair === '8.8.5/6.4') return refuse.attemptsExhausted();
  return refuse.matchingIdRefused('the order has ended');
}

type Pair = `${StatusCode['subjectCode']}/${StatusCode['reasonCode']}`;

function ended(profile: Released | Downloaded, refusal: Refusal, candidate: Candidate, env: Env): Verdict {
  const failed = fail(profile, refusal.status, Math.floor(env.now / 1000));
  return { refusal, save: moveProfile(profile, failed, checked(candidate, env)) };
}

/** The eligibility check is the first point of a download that operators hear of (5.3.5). */
export function checked({ eid, transactionId }: Pick<Candidate, 'eid' | 'transactionId'>, env: Env): Cause {
  return byDevice(eid, env, { transactionId, point: 1 });
}

/** Whether the eUICC forbids the policy rules of the profile, or lacks what it needs, as far as that is known. */
function unfit({ metadata, needs }: Profile, info: EUICCInfo2): Refusal | undefined {
  const { forbiddenProfilePolicyRules, uiccCapability, extCardResource } = info;
  const rules = decode(StoreMetadataRequest, metadata).profilePolicyRules ?? new Set();
  if ([...rules].some((rule) => forbiddenProfilePolicyRules?.has(rule))) return refuse.pprForbidden();
  if (needs === undefined) return undefined;
  if (needs.capabilities.some((bit) => !uiccCapability.has(bit))) return refuse.capabilityMissing();
  const free = freeMemory(extCardResource);
  if (free === undefined || needs.bytes <= free) return undefined;
  return refuse.memoryShort(`it needs ${needs.bytes} bytes and has ${free}`);
}

/** Free non-volatile memory: 82 in a list of TLVs (ETSI TS 102 226 8.2.1.7.2). Octets that are no such list say nothing. */
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
