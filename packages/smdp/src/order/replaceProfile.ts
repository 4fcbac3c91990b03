import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { type Change, moveProfile, recordTransition } from '../state/change.ts';
import { byUser } from '../state/event.ts';
import { linkedOrderOf } from '../state/install-link.ts';
import { orderOf, type Profile } from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import { stockAgain } from '../state/transitions.ts';
import { findStock, saveSupply, type TypeStock, takeFromStock } from '../stock/supply.ts';
import type { OrderTerms } from './order-terms.ts';
import { type OrderedOfType, orderSteps } from './orderProfile.ts';
import { contentToRenew, type Found, withNewPpk } from './renew-ppk.ts';

const refuse = refusals({
  noType: [
    '8.2.1',
    '3.5',
    'the profile has no type, so there is no other profile of its type: replace its activation code only, or order another one by its ICCID',
  ],
});

export const refuseNoType = refuse.noType;

export const replacements = ['same', 'another'] as const;

export type ReplaceProfileRequest = OrderTerms & {
  readonly account: string;
  readonly iccid: Iccid;
  /** A new order of the same Profile, or one of another Profile of its type, while this one is retired. */
  readonly by: (typeof replacements)[number];
};

type FoundWithStock = Found & { readonly stock: TypeStock | undefined };

/** Gives a customer a new order in the place of an earlier one, which ends with its sessions: one save. */
export const replaceProfile: ProtocolFunction<ReplaceProfileRequest, FoundWithStock, OrderedOfType> = {
  load: async ({ account, iccid, by }, reader, attempt) => {
    const profile = await reader.profile(iccid);
    const type = profile?.account === account && by === 'another' ? profile.profileType : undefined;
    const stock = type === undefined ? undefined : await findStock(account, type, reader, attempt);
    return { profile, stock, content: await contentToRenew(profile, reader) };
  },
  decide: (request, { profile, stock, content }, env) => {
    must(profile?.account === request.account, refuseAny.iccidUnknown);
    must(orderOf(profile) !== undefined, () => refuseAny.notOrdered(`it is ${profile.state}`));
    must(profile.upstream === undefined, refuseAny.atUpstream);
    if (request.by === 'another') return replaceByAnother(request, profile, stock, env);
    const decision = orderAgain(request, profile, env);
    return { ...decision, save: withNewPpk(decision.save, { profile, content }, env) };
  },
};

function orderAgain(request: ReplaceProfileRequest, profile: Profile, env: Env): Decision<OrderedOfType> {
  const free = stockAgain(profile, 'AVAILABLE', Math.floor(env.now / 1000));
  const { ordered, events } = orderSteps({ ...request, confirm: true, release: true }, free, env);
  const freed = recordTransition(profile, free, byUser(env));
  return {
    reply: { profile: ordered },
    save: [{ profile: ordered }, ...freed, ...events, followLink(profile, ordered, env)],
  };
}

function replaceByAnother(
  request: ReplaceProfileRequest,
  profile: Profile,
  stock: TypeStock | undefined,
  env: Env,
): Decision<OrderedOfType> {
  must(stock, refuseNoType);
  const cause = byUser(env);
  const supply = takeFromStock(stock, env, cause);
  if ('refusal' in supply) return supply;
  const { iccid } = supply.profile;
  const steps = { ...request, iccid, confirm: true, release: true };
  const { ordered, events } = orderSteps(steps, supply.profile, env, { ...cause, replaces: profile.iccid });
  const retired = stockAgain(profile, 'UNAVAILABLE', Math.floor(env.now / 1000));
  const secret = stock.freeNumbers?.template.masterKey === undefined ? supply.made : undefined;
  return {
    reply: { profile: ordered, ...(secret !== undefined && { made: secret }) },
    save: [
      ...moveProfile(profile, retired, { ...cause, replacedBy: iccid }),
      ...saveSupply(supply, ordered),
      ...events,
      followLink(profile, ordered, env),
    ],
  };
}

/** The customer's link leads to the new order. */
export function followLink(from: Profile, to: Profile, { now }: Env): Change {
  return { installLink: { from: linkedOrderOf(from), to: linkedOrderOf(to), at: now } };
}
