import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Env } from '../env.ts';
import { type ConfirmOrderRequest, confirmOrder } from '../es2/confirmOrder.ts';
import type { DownloadOrderRequest } from '../es2/downloadOrder.ts';
import { releaseProfile } from '../es2/releaseProfile.ts';
import { type CancelProfileRequest, cancelWithChecks } from '../order/cancelProfile.ts';
import { mustBeFound } from '../order/confirmProfile.ts';
import type { ReReleaseRequest } from '../order/lifecycle.ts';
import { checkExpiry, type OrderTerms, withExpiry } from '../order/order-terms.ts';
import { type OrderOfTypeRequest, type OrderProfileRequest, orderSteps } from '../order/orderProfile.ts';
import type { ReplaceProfileRequest } from '../order/replaceProfile.ts';
import { reserveProfile } from '../order/reserveProfile.ts';
import { allowed, describeState } from '../state/allowed.ts';
import { byUser } from '../state/event.ts';
import type { OperationTerms, UpstreamFunction } from '../state/gateway/operation.ts';
import type { UpstreamRules } from '../state/gateway/upstream-rules.ts';
import { linkedOrderOf } from '../state/install-link.ts';
import { hasExpired, type Order, type ReusePolicy } from '../state/order.ts';
import { orderOf, type Profile, readyOf } from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import { stockAgain } from '../state/transitions.ts';
import { capabilitiesFor, isReuse, mustSupport } from './capabilities.ts';
import type { Plan } from './new-operation.ts';

/** What is requested from an upstream for each request about one of its Profiles. Each refuses what the built-in SM-DP+ refuses, and what the upstream cannot do. */
const refuse = refusals({
  notAllowed: ['8.2.1', '3.5', 'the state of the profile does not allow this'],
  codeUnknown: [
    '8.2.1',
    '3.5',
    'the order has a confirmation code, which is not kept, so the upstream cannot be sent it again: replace the order with a code',
  ],
  codeAndReuse: [
    '8.2.1',
    '3.1',
    'a confirmation code is not kept, so the upstream cannot be sent it when the profile returns: order with a code or with a reuse policy',
  ],
});

const ORDER = ['downloadOrder', 'confirmOrder'] as const;

/** An upstream that takes back an order gives the Profile for a new one. */
export function callsAnew(order: Order | undefined): readonly UpstreamFunction[] {
  return order?.isCancelledThere === true ? ORDER : ['cancelOrder', ...ORDER];
}

/** What an upstream keeps ready has an order there without these terms, which it has to take back. */
const callsFor = (profile: Profile, calls: readonly UpstreamFunction[]): readonly UpstreamFunction[] =>
  readyOf(profile) === undefined ? calls : ['cancelOrder', ...calls];

/** As if it were here: what the built-in SM-DP+ refuses is not sent to an upstream. */
export function here({ upstream: _upstream, ...profile }: Profile): Profile {
  return profile as Profile;
}

type Planner<Q> = (request: Q, profile: Profile, rules: UpstreamRules, env: Env) => Plan;

export const planOrder: Planner<OrderProfileRequest> = (request, profile, rules, env) => {
  const terms = termsOf(request, request.release, rules, env);
  orderSteps({ ...request, confirm: true }, here(profile), env);
  return { kind: 'order', calls: callsFor(profile, ORDER), terms };
};

export const planReservation: Planner<DownloadOrderRequest> = (request, profile, _rules, env) => {
  const { account, eid } = request;
  reserveProfile({ account, ...(eid !== undefined && { eid }) }, here(profile), env);
  const calls = callsFor(profile, ['downloadOrder']);
  return { kind: 'order', calls, terms: { ...(eid !== undefined && { eid }) } };
};

export const planConfirmation: Planner<ConfirmOrderRequest> = (request, profile, rules, env) => {
  const terms = termsOf(request as OrderTerms & ConfirmOrderRequest, request.releaseFlag, rules, env);
  confirmOrder.decide(request, { profile: here(profile), holder: undefined }, env);
  const eid = request.eid ?? (profile.state === 'LINKED' ? profile.eid : undefined);
  return { kind: 'confirm', calls: ['confirmOrder'], terms: { ...terms, ...(eid !== undefined && { eid }) } };
};

export const planRelease: Planner<{ readonly account: string }> = ({ account }, profile, _rules, env) => {
  releaseProfile.decide({ account, iccid: profile.iccid }, here(profile), env);
  return { kind: 'release', calls: ['releaseProfile'], terms: {} };
};

export const planCancellation: Planner<CancelProfileRequest> = ({ finalState }, profile, rules, env) => {
  if (readyOf(profile) === undefined) cancelWithChecks(here(profile), finalState, byUser(env));
  mustSupport(rules, 'cancel');
  return { kind: 'cancel', calls: ['cancelOrder'], terms: { finalState } };
};

/** An order of any Profile of a type, which the upstream chooses. */
export function planOrderOfType(request: OrderOfTypeRequest, rules: UpstreamRules, env: Env): Plan {
  const { eid, matchingId, confirm, release } = request;
  if (!confirm)
    return { kind: 'order', calls: ['downloadOrder'], terms: { ...(eid !== undefined && { eid }) } };
  mustBeFound(eid, matchingId);
  return { kind: 'order', calls: ORDER, terms: termsOf(request, release, rules, env) };
}

/** The same order again after a failed or lost download. Where the upstream has the first one, it has to take that back. */
export const planReRelease: Planner<ReReleaseRequest> = ({ expiresAt }, profile, rules, env) => {
  const order = orderOf(profile);
  must(order !== undefined && allowed[profile.state].includes('re-release'), () =>
    refuse.notAllowed(describeState(profile, 're-release')),
  );
  mustSupport(rules, profile.state === 'ERROR' ? 're_release' : 'reuse');
  must(order.confirmationCode === undefined, refuse.codeUnknown);
  const renewed = withExpiry(order, expiresAt, env);
  if (renewed.expiresAt !== undefined && expiresAt !== undefined) mustSupport(rules, 'expiry');
  must(!hasExpired(renewed, env), refuseAny.expiryNeeded);
  const { eid, matchingId } = order;
  const terms = { ...(eid !== undefined && { eid }), matchingId, ...keptTerms(renewed), release: true };
  return {
    kind: 're_release',
    calls: callsAnew(order),
    terms: { ...terms, follows: linkedOrderOf(profile) },
  };
};

/** What a new order has of the one before it, and ES2+ does not know. */
export function keptTerms({ expiresAt, reusePolicy, reusesLeft }: Order): OperationTerms {
  return {
    ...(expiresAt !== undefined && { expiresAt }),
    ...(reusePolicy.type !== 'NEVER' && { reusePolicy, reusesLeft }),
  };
}

/** A new order of the same Profile in the place of its order. */
export const planReplacement: Planner<ReplaceProfileRequest> = (request, profile, rules, env) => {
  const order = orderOf(profile);
  must(order !== undefined, () => refuseAny.notOrdered(`it is ${profile.state}`));
  const isDownloaded = !['CONFIRMED', 'RELEASED', 'ERROR'].includes(profile.state);
  mustSupport(rules, isDownloaded ? 'reuse' : 'replace');
  const terms = termsOf(request, true, rules, env);
  const free = stockAgain(here(profile), 'AVAILABLE', Math.floor(env.now / 1000));
  orderSteps({ ...request, confirm: true, release: true }, free, env);
  return { kind: 'replace', calls: callsAnew(order), terms: { ...terms, follows: linkedOrderOf(profile) } };
};

/** Refuses terms that the upstream cannot give an order. Expiry and reuse policy are kept here. */
function termsOf(
  terms: OrderTerms,
  release: boolean,
  rules: UpstreamRules,
  { now }: Pick<Env, 'now'>,
): OperationTerms {
  const { eid, matchingId, confirmationCode, expiresAt, reusable, reusePolicy } = terms;
  if (reusable === true) mustSupport(rules, 'reusable_orders');
  for (const name of capabilitiesFor(terms)) mustSupport(rules, name);
  mustBeWithoutCode(reusePolicy, confirmationCode !== undefined);
  return {
    ...(eid !== undefined && { eid }),
    ...(matchingId !== undefined && { matchingId }),
    ...(confirmationCode !== undefined && { confirmationCode }),
    ...(expiresAt !== undefined && { expiresAt: checkExpiry(expiresAt, Math.floor(now / 1000)) }),
    ...(isReuse(reusePolicy) && { reusePolicy }),
    release,
  };
}

export function mustSupportReuse(reusePolicy: ReusePolicy, hasCode: boolean, rules: UpstreamRules): void {
  for (const name of capabilitiesFor({ reusePolicy })) mustSupport(rules, name);
  mustBeWithoutCode(reusePolicy, hasCode);
}

function mustBeWithoutCode(reusePolicy: ReusePolicy | undefined, hasCode: boolean): void {
  must(!isReuse(reusePolicy) || !hasCode, refuse.codeAndReuse);
}
