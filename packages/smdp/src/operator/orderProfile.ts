import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { confirmation } from '../es2/confirmOrder.ts';
import { fromStock, reservation, stockOf, type TypeStock } from '../es2/downloadOrder.ts';
import type { OrderTerms } from '../es2/order-terms.ts';
import type { Decision, Env, ProtocolFunction } from '../ports.ts';
import { byOperator, transition } from '../state/event.ts';
import type { Profile } from '../state/profile.ts';

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

export type OrderOfTypeRequest = Omit<OrderProfileRequest, 'iccid'> & { readonly profileType: string };

/** Orders one Profile of a type, the oldest in stock. */
export const orderOfType: ProtocolFunction<OrderOfTypeRequest, TypeStock, Profile> = {
  load: ({ account, profileType }, reader, attempt) => stockOf(account, profileType, reader, attempt),
  decide: (request, found, env) => {
    const profile = fromStock(found, env);
    return decide({ ...request, iccid: profile.iccid }, profile, env);
  },
};

function decide(request: OrderProfileRequest, profile: Profile | undefined, env: Env): Decision<Profile> {
  const { account, iccid, eid } = request;
  const wish = { account, iccid, ...(eid !== undefined && { eid }) };
  const reserved = reservation(wish, profile, env);
  const ordered = confirmation({ ...request, releaseFlag: request.release }, reserved, env);
  const cause = byOperator(env);
  return {
    reply: ordered,
    save: [
      { profile: ordered },
      ...transition(profile, reserved, cause),
      ...transition(reserved, ordered, cause),
    ],
  };
}
