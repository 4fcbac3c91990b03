import { type Eid, parseEid } from '@esim-rsp/sgp22/value/eid';
import { parsePaddedIccid } from '@esim-rsp/sgp22/value/iccid';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Env } from '../env.ts';
import { createOrder } from '../order/order-terms.ts';
import {
  functionOf,
  type Operation,
  type OperationTerms,
  type UpstreamFunction,
} from '../state/gateway/operation.ts';
import type { CallAnswer } from '../state/gateway/outcome.ts';
import type { Order } from '../state/order.ts';
import type { Profile } from '../state/profile.ts';
import { refuse } from '../state/refusals.ts';
import { cancel, confirm, fail, release, reserve, stockAgain } from '../state/transitions.ts';

/** A Profile after a call that the upstream has done; or why it cannot be said what it is now. */
export type AfterCall = { readonly profile: Profile } | { readonly problem: string };

type Step = (operation: Operation, profile: Profile, answer: CallAnswer, env: Env) => AfterCall;

const steps: Readonly<Record<UpstreamFunction, Step>> = {
  downloadOrder: ({ kind, terms }, profile, answer, env) => {
    const free = isCancelledThere(profile) ? stockAgain(profile, 'AVAILABLE', secondsOf(env)) : profile;
    if (free.state !== 'AVAILABLE') return otherState(profile);
    if (kind === 'reserve') return { profile };
    const eid = terms?.eid ?? eidIn(answer);
    return { profile: reserve(free, eid, secondsOf(env)) };
  },
  confirmOrder: ({ kind, terms = {} }, profile, answer, env) => {
    if (kind === 'reserve') return keepReady(profile, answer, env);
    if (profile.state !== 'ALLOCATED' && profile.state !== 'LINKED') return otherState(profile);
    const matchingId = answer.matchingId ?? terms.matchingId;
    if (matchingId === undefined) return { problem: 'the upstream has sent no MatchingID' };
    const eid = eidIn(answer) ?? terms.eid ?? (profile.state === 'LINKED' ? profile.eid : undefined);
    const order = orderOf(terms, { eid, matchingId: matchingId as MatchingId }, env);
    const { smdpAddress } = answer;
    const there = smdpAddress === undefined ? order : { ...order, smdpAddress };
    const confirmed = confirm(profile, there, secondsOf(env));
    return { profile: terms.release === false ? confirmed : release(confirmed, secondsOf(env)) };
  },
  releaseProfile: (_operation, profile, _answer, env) =>
    profile.state === 'CONFIRMED' ? { profile: release(profile, secondsOf(env)) } : otherState(profile),
  cancelOrder: ({ kind, terms }, profile, _answer, env) => {
    if (kind === 'expire') return { profile: expire(profile, env) };
    const { finalState = 'AVAILABLE' } = terms ?? {};
    switch (profile.state) {
      case 'ALLOCATED':
      case 'LINKED':
      case 'CONFIRMED':
      case 'RELEASED':
        return { profile: cancel(profile, finalState, secondsOf(env)) };
      default:
        return { profile: stockAgain(profile, finalState, secondsOf(env)) };
    }
  },
};

/** The Profile stays in stock: the codes of its order at the upstream are those of the next order here. */
function keepReady(profile: Profile, { matchingId, smdpAddress }: CallAnswer, env: Env): AfterCall {
  if (profile.state !== 'AVAILABLE') return otherState(profile);
  if (!matchingId) return { problem: 'the upstream has sent no MatchingID' };
  const ready = {
    matchingId: matchingId as MatchingId,
    ...(smdpAddress !== undefined && { smdpAddress }),
    releasedAt: secondsOf(env),
  };
  return { profile: { ...profile, ready } };
}

/** The order that the upstream has confirmed, with what only this SM-DP+ knows of it. It may have expired meanwhile. */
function orderOf(
  { confirmationCode, expiresAt, reusePolicy, reusesLeft }: OperationTerms,
  { eid, matchingId }: { readonly eid: Eid | undefined; readonly matchingId: MatchingId },
  env: Env,
): Order {
  const terms = {
    ...(eid !== undefined && { eid }),
    ...(confirmationCode !== undefined && { confirmationCode }),
    ...(reusePolicy !== undefined && { reusePolicy }),
    matchingId,
  };
  return {
    ...createOrder(terms, env),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(reusesLeft !== undefined && { reusesLeft }),
  };
}

/** As an order here that has expired: only that the upstream has none any more. */
function expire(profile: Profile, env: Env): Profile {
  if (profile.state !== 'RELEASED') return profile;
  const expired = fail(profile, refuse.orderExpired().status, secondsOf(env));
  return { ...expired, order: { ...expired.order, isCancelledThere: true } };
}

/** What the present call of an operation has made of a Profile. The upstream keeps count of attempts and codes itself. */
export function afterCall(operation: Operation, profile: Profile, answer: CallAnswer, env: Env): AfterCall {
  if (answer.iccid !== undefined && !isSameIccid(answer.iccid, profile))
    return { problem: 'the upstream has answered about another ICCID' };
  return steps[functionOf(operation)](operation, profile, answer, env);
}

function isSameIccid(text: string, { iccid }: Profile): boolean {
  try {
    return parsePaddedIccid(text) === iccid;
  } catch {
    return false;
  }
}

/** undefined: it has none, or what it has is none. */
function eidIn({ eid }: CallAnswer): Eid | undefined {
  if (eid === undefined || !/^\d{32}$/.test(eid)) return undefined;
  return parseEid(eid);
}

/** Its order has expired, and the upstream has cancelled it. */
function isCancelledThere(profile: Profile): boolean {
  return 'order' in profile && profile.order.isCancelledThere === true;
}

function otherState({ state }: Profile): AfterCall {
  return { problem: `the upstream has done it, but the profile is ${state} here` };
}

function secondsOf({ now }: Env): number {
  return Math.floor(now / 1000);
}
