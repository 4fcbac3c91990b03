import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import { endTerm, stayDeleted } from '../order/endTerm.ts';
import type { Found } from '../order/renew-ppk.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { moveProfile, recordEvent } from '../state/change.ts';
import { bySystem } from '../state/event.ts';
import type { OperationTerms } from '../state/gateway/operation.ts';
import type { UpstreamRules } from '../state/gateway/upstream-rules.ts';
import { linkedOrderOf } from '../state/install-link.ts';
import { hasExpired } from '../state/order.ts';
import { eidOf, type OnDevice, type Profile, type Released } from '../state/profile.ts';
import { isDue, rules as reuseRules } from '../state/reuse.ts';
import { whyNot } from './capabilities.ts';
import { findRules } from './find-rules.ts';
import { acceptOperation } from './new-operation.ts';
import { callsAnew, keptTerms } from './plans.ts';

type FoundAnywhere = { readonly found: Found; readonly rules: UpstreamRules | undefined };

/**
 * What happens to a Profile by itself when its time has come, wherever it is. One of an upstream becomes what it would be here when the upstream has
 * taken back its order: an expired one is cancelled, and one that returns is ordered again.
 */
export const endTermAnywhere: ProtocolFunction<{ readonly iccid: Iccid }, FoundAnywhere, void> = {
  load: async (request, reader, attempt) => {
    const found = await endTerm.load(request, reader, attempt);
    return { found, rules: await findRules(found.profile, reader) };
  },
  decide: (request, { found, rules }, env) => {
    const { profile } = found;
    if (profile?.upstream === undefined) return endTerm.decide(request, found, env);
    return { reply: undefined, save: endThere(profile, rules, env) };
  },
};

type Save = Decision<void>['save'];

function endThere(profile: Profile, rules: UpstreamRules | undefined, env: Env): Save {
  if (profile.operation !== undefined) return [];
  if (profile.state === 'DELETED' && isDue(profile, env)) return returnThere(profile, rules, env);
  if (profile.state === 'RELEASED' && hasExpired(profile.order, env)) return expireThere(profile, rules, env);
  return [];
}

/** Its cool-down is over: it is ordered again as its policy says. If that is not possible any more, it stays DELETED. */
function returnThere(profile: OnDevice, rules: UpstreamRules | undefined, env: Env): Save {
  const stays = stayDeleted(profile);
  if (hasExpired(profile.order, env)) return moveProfile(profile, stays, bySystem(env));
  const problem = whyNot(rules, 'reuse');
  if (problem !== undefined)
    return [{ profile: stays }, updated(profile, stays, `it does not return: ${problem}`, env)];
  const plan = {
    kind: 're_release',
    calls: callsAnew(profile.order),
    terms: termsOfReturn(profile),
  } as const;
  return acceptOperation(plan, stays, env).save;
}

/** The terms of the next order. Which eUICC may not have it cannot be said there, and is refused when the policy is set. */
function termsOfReturn(profile: OnDevice): OperationTerms {
  const { order } = profile;
  const { type } = order.reusePolicy;
  const rule = type === 'NEVER' ? undefined : reuseRules[type];
  const eid = rule?.eid === 'same' ? eidOf(profile) : undefined;
  const isNew = rule?.matchingId === 'new' || (order.matchingId === '' && eid === undefined);
  return {
    ...(eid !== undefined && { eid }),
    ...(!isNew && { matchingId: order.matchingId }),
    ...keptTerms({ ...order, reusesLeft: order.reusesLeft - 1 }),
    release: true,
    follows: linkedOrderOf(profile),
  };
}

/** An upstream that takes nothing back any more lets its orders live on: the expiry goes, and an event says why. */
function expireThere(profile: Released, rules: UpstreamRules | undefined, env: Env): Save {
  const problem = whyNot(rules, 'expiry');
  if (problem === undefined) {
    const plan = { kind: 'expire', calls: ['cancelOrder'], terms: { finalState: 'AVAILABLE' } } as const;
    return acceptOperation(plan, profile, env).save;
  }
  const kept = withoutExpiry(profile);
  return [{ profile: kept }, updated(profile, kept, `the order does not expire: ${problem}`, env)];
}

export function withoutExpiry(profile: Released): Released {
  const { expiresAt: _expiresAt, ...order } = profile.order;
  return { ...profile, order };
}

function updated(from: Profile, to: Profile, message: string, env: Env) {
  return recordEvent('profile.updated', { from, to, message }, bySystem(env));
}
