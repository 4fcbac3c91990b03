import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import type { Decision } from '../run.ts';
import { moveProfile } from '../state/change.ts';
import { bySystem } from '../state/event.ts';
import { hasExpired } from '../state/order.ts';
import type { OnDevice, Profile } from '../state/profile.ts';
import { refuse } from '../state/refusals.ts';
import { isDue, returnToReleased } from '../state/reuse.ts';
import { fail } from '../state/transitions.ts';
import { type Deciding, type Found, renewingPpk } from './renew-ppk.ts';

/**
 * What happens to a Profile by itself when its time has come: a cool-down is over, or an order has expired. Nothing
 * where that is not so any more.
 */
export const endTerm: Deciding<{ readonly iccid: Iccid }, Found, void> = renewingPpk({
  load: ({ iccid }, reader) => reader.profile(iccid),
  decide: (_request, profile, env): Decision<void> => {
    const after = profile && afterTerm(profile, env);
    const save =
      profile === undefined || after === undefined ? [] : moveProfile(profile, after, bySystem(env));
    return { reply: undefined, save };
  },
});

function afterTerm(profile: Profile, env: Env): Profile | undefined {
  if (profile.state === 'DELETED' && isDue(profile, env))
    return hasExpired(profile.order, env) ? stayDeleted(profile) : returnToReleased(profile, env);
  if (profile.state !== 'RELEASED' || profile.order.reusable) return undefined;
  if (!hasExpired(profile.order, env)) return undefined;
  return fail(profile, refuse.orderExpired().status, Math.floor(env.now / 1000));
}

/** Its order expired during the cool-down. */
export function stayDeleted(profile: OnDevice): OnDevice {
  const { returnsAt: _returnsAt, ...order } = profile.order;
  return { ...profile, order };
}
