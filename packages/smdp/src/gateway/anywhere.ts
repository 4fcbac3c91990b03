import type { ProfileParameters } from '@esim-rsp/sgp22/profile/build';
import { must } from '@esim-rsp/sgp22/status';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import { confirmOrder } from '../es2/confirmOrder.ts';
import { downloadOrder } from '../es2/downloadOrder.ts';
import { releaseProfile } from '../es2/releaseProfile.ts';
import { cancelProfile } from '../order/cancelProfile.ts';
import { reReleaseProfile, returnFromDevice } from '../order/lifecycle.ts';
import { type OrderOfTypeRequest, orderOfType, orderProfile } from '../order/orderProfile.ts';
import { type UpdateProfileRequest, updateProfile } from '../order/updateProfile.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { byUser } from '../state/event.ts';
import type { UpstreamRules } from '../state/gateway/upstream-rules.ts';
import { isOnDevice, orderOf, type Profile } from '../state/profile.ts';
import { refuse } from '../state/refusals.ts';
import { takeFromStock } from '../stock/supply.ts';
import { mustExist, mustSupport } from './capabilities.ts';
import { findRules, findStockAnywhere, type StockAnywhere } from './find-rules.ts';
import {
  acceptOperation,
  acceptOrderOfType,
  type Plan,
  type Requested,
  type RequestedOfType,
} from './new-operation.ts';
import {
  mustSupportReuse,
  planCancellation,
  planConfirmation,
  planOrder,
  planOrderOfType,
  planRelease,
  planReRelease,
  planReservation,
} from './plans.ts';
import { isReadyFor, orderReady } from './ready-order.ts';

/** What users request of a Profile, wherever it is: the built-in SM-DP+ does it at once, and for one of an upstream it is requested there. */

type AboutProfile = { readonly account: string; readonly iccid?: Iccid };

/** What a function found, and the rules of the upstream of its Profile, if it is at one. */
export type FoundAnywhere<F> = { readonly found: F; readonly rules: UpstreamRules | undefined };

type ThereDecision<Q> = (request: Q, profile: Profile, rules: UpstreamRules, env: Env) => Decision<Requested>;

function anywhere<Q extends AboutProfile, F>(
  fn: ProtocolFunction<Q, F, Profile>,
  profileIn: (found: F) => Profile | undefined,
  there: ThereDecision<Q>,
): ProtocolFunction<Q, FoundAnywhere<F>, Requested> {
  return {
    load: async (request, reader, attempt) => {
      const found = await fn.load(request, reader, attempt);
      return { found, rules: await findRules(profileIn(found), reader) };
    },
    decide: async (request, { found, rules }, env) => {
      const profile = profileIn(found);
      if (profile?.account === request.account && profile.upstream !== undefined)
        return there(request, profile, mustExist(rules), env);
      return asRequested(await fn.decide(request, found, env));
    },
  };
}

function asRequested(decision: Decision<Profile>): Decision<Requested> {
  return 'refusal' in decision ? decision : { ...decision, reply: { profile: decision.reply } };
}

type Planner<Q> = (request: Q, profile: Profile, rules: UpstreamRules, env: Env) => Plan;

/** Saves what a planner says. */
function request<Q>(plan: Planner<Q>): ThereDecision<Q> {
  return (asked, profile, rules, env) => acceptOperation(plan(asked, profile, rules, env), profile, env);
}

const itself = (profile: Profile | undefined) => profile;
const ofFound = (found: { readonly profile: Profile | undefined }) => found.profile;

const orderByCalls = anywhere(orderProfile, itself, request(planOrder));

/** Orders a Profile; one that its upstream keeps ready is ordered at once. */
export const orderAnywhere: typeof orderByCalls = {
  load: orderByCalls.load,
  decide: (asked, { found, rules }, env) =>
    found?.account === asked.account && isReadyFor(asked, found, rules)
      ? orderReady(asked, found, env)
      : orderByCalls.decide(asked, { found, rules }, env),
};
export const reserveAnywhere = anywhere(downloadOrder, ({ named }) => named, request(planReservation));
export const confirmAnywhere = anywhere(confirmOrder, ofFound, request(planConfirmation));
export const releaseAnywhere = anywhere(releaseProfile, itself, request(planRelease));
export const cancelAnywhere = anywhere(cancelProfile, ofFound, request(planCancellation));

/** A Profile that a device had returns after its cool-down, as here: the upstream is called then. */
export const reReleaseAnywhere = anywhere(reReleaseProfile, ofFound, (asked, profile, rules, env) => {
  if (!isOnDevice(profile)) return acceptOperation(planReRelease(asked, profile, rules, env), profile, env);
  must(profile.operation === undefined, refuse.operationOpen);
  mustSupportReuse(profile.order.reusePolicy, profile.order.confirmationCode !== undefined, rules);
  return asRequested(returnFromDevice(profile, asked.expiresAt, env));
});

/** Expiry and reuse policy are kept here, so they can change; what the upstream has of an order cannot. */
export const updateAnywhere = anywhere(updateProfile, itself, (asked, profile, rules, env) => {
  mustBeChangeable(asked, profile, rules);
  return asRequested(updateProfile.decide(asked, profile, env) as Decision<Profile>);
});

function mustBeChangeable({ order }: UpdateProfileRequest, profile: Profile, rules: UpstreamRules): void {
  const { expiresAt, downloadAttempts, confirmationCode, reusePolicy } = order;
  if (downloadAttempts !== undefined || confirmationCode !== undefined) mustSupport(rules, 'change_order');
  if (expiresAt !== undefined && expiresAt !== null) mustSupport(rules, 'expiry');
  const hasCode = orderOf(profile)?.confirmationCode !== undefined;
  if (reusePolicy !== undefined) mustSupportReuse(reusePolicy, hasCode, rules);
}

/** `made`: as for an order of the built-in SM-DP+. */
export type OrderedAnywhere = RequestedOfType & { readonly made?: ProfileParameters };

/** Orders one Profile of a type: the oldest in stock, here or at an upstream, one that the upstream of the type chooses, or one that is made from the template. */
export const orderOfTypeAnywhere: ProtocolFunction<OrderOfTypeRequest, StockAnywhere, OrderedAnywhere> = {
  load: (asked, reader, attempt) => findStockAnywhere(asked, reader, attempt),
  decide: (request, { rules, from, ...stock }, env) => {
    if (from !== undefined) {
      const plan = planOrderOfType(request, mustExist(rules.get(from.upstream)), env);
      return acceptOrderOfType(plan, request, from, env);
    }
    if (stock.stock.every(({ upstream }) => upstream === undefined))
      return orderOfType.decide(request, stock, env);
    const supply = takeFromStock(stock, env, byUser(env), 'anywhere');
    if ('refusal' in supply) return supply;
    const { profile } = supply;
    if (profile.upstream === undefined)
      return orderOfType.decide(request, { ...stock, stock: [profile] }, env);
    const there = rules.get(profile.upstream);
    if (isReadyFor(request, profile, there)) return orderReady(request, profile, env);
    const order = { ...request, iccid: profile.iccid };
    const plan = request.confirm ? planOrder : planReservation;
    return acceptOperation(plan(order, profile, mustExist(there), env), profile, env);
  },
};
