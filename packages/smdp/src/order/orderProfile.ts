import type { ProfileParameters } from '@esim-rsp/sgp22/profile/build';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { recordTransition } from '../state/change.ts';
import { byUser } from '../state/event.ts';
import type { Profile } from '../state/profile.ts';
import { findStock, saveSupply, type TypeStock, takeFromStock } from '../stock/supply.ts';
import { confirmProfile } from './confirmProfile.ts';
import type { OrderTerms } from './order-terms.ts';
import { reserveProfile } from './reserveProfile.ts';

export type OrderProfileRequest = OrderTerms & {
  readonly account: string;
  readonly iccid: Iccid;
  /** Whether the profile can be downloaded at once. */
  readonly release: boolean;
};

/** Orders a Profile for one download, and releases it if asked to: ES2+.DownloadOrder and ConfirmOrder in one step. */
export const orderProfile: ProtocolFunction<OrderProfileRequest, Profile | undefined, Profile> = {
  load: ({ iccid }, reader) => reader.profile(iccid),
  decide,
};

export type OrderOfTypeRequest = Omit<OrderProfileRequest, 'iccid'> & {
  readonly profileType: string;
  /** False: it is reserved only, as by ES2+.DownloadOrder. */
  readonly confirm: boolean;
};

/** `made`: the parameters of a profile that was created with generated secrets from the template; they are shown once. */
export type OrderedOfType = { readonly profile: Profile; readonly made?: ProfileParameters };

/** Orders one Profile of a type: the oldest in stock, or one that is made from the template. */
export const orderOfType: ProtocolFunction<OrderOfTypeRequest, TypeStock, OrderedOfType> = {
  load: ({ account, profileType }, reader, attempt) => findStock(account, profileType, reader, attempt),
  decide: (request, stock, env) => {
    const supply = takeFromStock(stock, env, byUser(env));
    if ('refusal' in supply) return supply;
    const { iccid } = supply.profile;
    const { ordered, events } = orderSteps({ ...request, iccid }, supply.profile, env);
    const secret = stock.freeNumbers?.template.masterKey === undefined ? supply.made : undefined;
    return {
      reply: { profile: ordered, ...(secret !== undefined && { made: secret }) },
      save: [...saveSupply(supply, ordered), ...events],
    };
  },
};

function decide(request: OrderProfileRequest, profile: Profile | undefined, env: Env): Decision<Profile> {
  const { ordered, events } = orderSteps({ ...request, confirm: true }, profile, env);
  return { reply: ordered, save: [{ profile: ordered }, ...events] };
}

/** Through the states of an order, as far as it is to go. */
export function orderSteps(
  request: OrderProfileRequest & { readonly confirm: boolean },
  profile: Profile | undefined,
  env: Env,
  cause = byUser(env),
) {
  const { account, eid, confirm, release } = request;
  const reserved = reserveProfile({ account, ...(eid !== undefined && { eid }) }, profile, env);
  const events = recordTransition(profile, reserved, cause);
  if (!confirm) return { ordered: reserved, events };
  const ordered = confirmProfile({ ...request, releaseFlag: release }, reserved, env);
  return { ordered, events: [...events, ...recordTransition(reserved, ordered, cause)] };
}
