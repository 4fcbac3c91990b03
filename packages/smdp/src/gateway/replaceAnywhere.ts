import { must } from '@esim-rsp/sgp22/status';
import type { Env } from '../env.ts';
import { orderSteps } from '../order/orderProfile.ts';
import { contentToRenew } from '../order/renew-ppk.ts';
import {
  followLink,
  type ReplaceProfileRequest,
  refuseNoType,
  replaceProfile,
} from '../order/replaceProfile.ts';
import type { ProtocolFunction } from '../run.ts';
import { type Change, moveProfile } from '../state/change.ts';
import type { ProfileContent } from '../state/content.ts';
import { byUser, type Cause } from '../state/event.ts';
import type { UpstreamRules } from '../state/gateway/upstream-rules.ts';
import { linkedOrderOf } from '../state/install-link.ts';
import { orderOf, type Profile } from '../state/profile.ts';
import { refuse } from '../state/refusals.ts';
import { stockAgain } from '../state/transitions.ts';
import { type Supply, saveSupply, takeFromStock } from '../stock/supply.ts';
import type { OrderedAnywhere } from './anywhere.ts';
import { mustExist, mustSupport } from './capabilities.ts';
import { findRules, findStockAnywhere, type StockAnywhere } from './find-rules.ts';
import { acceptOperation, acceptOrderOfType } from './new-operation.ts';
import { planOrder, planOrderOfType, planReplacement } from './plans.ts';
import { isReadyFor, orderReady } from './ready-order.ts';

type Found = {
  readonly profile: Profile | undefined;
  readonly rules: UpstreamRules | undefined;
  readonly content: ProfileContent | undefined;
  /** Of the type of the Profile, if another one is to take its place. */
  readonly stock: StockAnywhere | undefined;
};

/** Replaces an order, wherever its Profile and the other one are. */
export const replaceAnywhere: ProtocolFunction<ReplaceProfileRequest, Found, OrderedAnywhere> = {
  load: async (request, reader, attempt) => {
    const { account, iccid, by } = request;
    const profile = await reader.profile(iccid);
    const type = profile?.account === account && by === 'another' ? profile.profileType : undefined;
    const stock =
      type === undefined
        ? undefined
        : await findStockAnywhere({ ...request, profileType: type, release: true }, reader, attempt);
    const [rules, content] = [await findRules(profile, reader), await contentToRenew(profile, reader)];
    return { profile, rules, content, stock };
  },
  decide: (request, found, env) => {
    const { profile, rules, stock } = found;
    const isOurs = profile?.account === request.account;
    const isAllHere =
      profile?.upstream === undefined &&
      stock?.from === undefined &&
      stock?.stock.some(isAtUpstream) !== true;
    if (!isOurs || profile === undefined || isAllHere) return replaceProfile.decide(request, found, env);
    if (request.by === 'another') return replaceByAnother(request, profile, found, env);
    if (profile.upstream === undefined) return replaceProfile.decide(request, found, env);
    return acceptOperation(planReplacement(request, profile, mustExist(rules), env), profile, env);
  },
};

const isAtUpstream = ({ upstream }: Profile) => upstream !== undefined;

/** The other Profile is ordered first: if that is refused, nothing has changed. */
function replaceByAnother(
  request: ReplaceProfileRequest,
  profile: Profile,
  { rules, stock }: Found,
  env: Env,
): ReturnType<typeof replaceAnywhere.decide> {
  must(orderOf(profile) !== undefined, () => refuse.notOrdered(`it is ${profile.state}`));
  must(profile.operation === undefined, refuse.operationOpen);
  if (profile.upstream !== undefined) mustSupport(mustExist(rules), 'replace_by_another');
  must(stock, refuseNoType);
  if (stock.from !== undefined) return replaceByOneOfType(request, profile, stock, env);
  const supply = takeFromStock(stock, env, byUser(env), 'anywhere');
  if ('refusal' in supply) return supply;
  const { upstream, iccid } = supply.profile;
  const there = upstream === undefined ? undefined : stock.rules.get(upstream);
  if (isReadyFor({ ...request, release: true }, supply.profile, there)) {
    const { reply, save } = orderReady(request, supply.profile, env);
    return { reply, save: [...save, ...takePlace(profile, reply.profile, env)] };
  }
  if (upstream === undefined) return replaceByOneHere(request, profile, supply, env);
  const order = { ...request, iccid, release: true };
  const plan = planOrder(order, supply.profile, mustExist(there), env);
  const terms = { ...plan.terms, replaces: profile.iccid, follows: linkedOrderOf(profile) };
  const { reply, save } = acceptOperation({ ...plan, kind: 'replace', terms }, supply.profile, env);
  const waiting = { ...profile, operation: reply.operation.id };
  return { reply, save: [...save, { profile: waiting }] };
}

/** There is none in stock: the upstream of the type chooses one. */
function replaceByOneOfType(
  request: ReplaceProfileRequest,
  profile: Profile,
  { from, rules }: StockAnywhere,
  env: Env,
) {
  const { account, profileType } = profile;
  if (from === undefined || profileType === undefined) throw refuseNoType();
  const order = { ...request, profileType, confirm: true, release: true };
  const plan = planOrderOfType(order, mustExist(rules.get(from.upstream)), env);
  const terms = { ...plan.terms, replaces: profile.iccid, follows: linkedOrderOf(profile) };
  const accepted = acceptOrderOfType(
    { ...plan, kind: 'replace', terms },
    { account, profileType },
    from,
    env,
  );
  const waiting = { ...profile, operation: accepted.reply.operation.id };
  return { ...accepted, save: [...accepted.save, { profile: waiting }] };
}

/** One of an upstream is replaced by one of this SM-DP+, which is ordered at once. */
function replaceByOneHere(request: ReplaceProfileRequest, profile: Profile, supply: Supply, env: Env) {
  const { iccid } = supply.profile;
  const cause = byUser(env);
  const steps = { ...request, iccid, confirm: true, release: true };
  const { ordered, events } = orderSteps(steps, supply.profile, env, { ...cause, replaces: profile.iccid });
  const { made } = supply;
  return {
    reply: { profile: ordered, ...(made !== undefined && { made }) },
    save: [...saveSupply(supply, ordered), ...events, ...takePlace(profile, ordered, env)],
  };
}

/** What becomes of a Profile when another one is ordered in its place at once. */
function takePlace(profile: Profile, ordered: Profile, env: Env): readonly Change[] {
  const cause = { ...byUser(env), replacedBy: ordered.iccid };
  return [...retireReplaced(profile, cause, env), followLink(profile, ordered, env)];
}

/** Takes a Profile out of use in whose place there is another one. Where its upstream has an order that no device has downloaded, that is cancelled there. */
export function retireReplaced(
  profile: Profile,
  cause: Cause & Required<Pick<Cause, 'replacedBy'>>,
  env: Env,
) {
  const { operation: _operation, ...kept } = profile;
  const free = kept as Profile;
  if (!hasOrderThere(free)) {
    const retired = stockAgain(free, 'UNAVAILABLE', Math.floor(env.now / 1000));
    return moveProfile(profile, retired, cause);
  }
  const terms = { finalState: 'UNAVAILABLE', replacedBy: cause.replacedBy } as const;
  const { save } = acceptOperation({ kind: 'cancel', calls: ['cancelOrder'], terms }, free, env);
  return save satisfies readonly Change[];
}

function hasOrderThere(profile: Profile): boolean {
  return profile.upstream !== undefined && (profile.state === 'CONFIRMED' || profile.state === 'RELEASED');
}
