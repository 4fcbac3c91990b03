import type { Env } from '../env.ts';
import { createOrder, type OrderTerms } from '../order/order-terms.ts';
import { type Change, recordTransition } from '../state/change.ts';
import { byUser } from '../state/event.ts';
import type { UpstreamRules } from '../state/gateway/upstream-rules.ts';
import { type Profile, type ReadyOrder, readyOf, type Stocked } from '../state/profile.ts';
import { confirm, release, reserve } from '../state/transitions.ts';
import { capabilitiesFor, isReuse, whyNot } from './capabilities.ts';
import type { Requested } from './new-operation.ts';

export type Wanted = OrderTerms & { readonly confirm?: boolean; readonly release: boolean };

/**
 * Whether an order can have what an upstream keeps ready: the order there has no EID, no code and a MatchingID of the upstream. Expiry and reuse policy are
 * kept here, so it can have them if the upstream lets orders end in these ways. If not, it is requested as any other, and refused with the reason.
 */
export function canBeReady(request: Wanted, rules: UpstreamRules | undefined): boolean {
  const { confirm, release, eid, matchingId, confirmationCode, reusable } = request;
  return (
    confirm !== false &&
    release &&
    [eid, matchingId, confirmationCode].every((term) => term === undefined) &&
    reusable !== true &&
    capabilitiesFor(request).every((name) => whyNot(rules, name) === undefined)
  );
}

type Ready = Stocked & { readonly ready: ReadyOrder };

/** Whether an order of this Profile is done at once. */
export function isReadyFor(
  request: Wanted,
  profile: Profile | undefined,
  rules: UpstreamRules | undefined,
): profile is Ready {
  return (
    profile !== undefined &&
    profile.operation === undefined &&
    readyOf(profile) !== undefined &&
    canBeReady(request, rules)
  );
}

type Ordered = { readonly reply: Requested; readonly save: readonly Change[] };

/** Orders a Profile that its upstream keeps ready: nothing is requested there, because it has the order already. */
export function orderReady(terms: OrderTerms, profile: Ready, env: Env): Ordered {
  const { ready, ...stocked } = profile;
  const { expiresAt, reusePolicy } = terms;
  const now = Math.floor(env.now / 1000);
  const reserved = reserve(stocked, undefined, now);
  const order = {
    ...createOrder(
      {
        matchingId: ready.matchingId,
        ...(expiresAt !== undefined && { expiresAt }),
        ...(isReuse(reusePolicy) && { reusePolicy }),
      },
      env,
    ),
    ...(ready.smdpAddress !== undefined && { smdpAddress: ready.smdpAddress }),
  };
  const ordered = release(confirm(reserved, order, now), now);
  const cause = byUser(env);
  const events = [
    ...recordTransition(profile, reserved, cause),
    ...recordTransition(reserved, ordered, cause),
  ];
  return { reply: { profile: ordered }, save: [{ profile: ordered }, ...events] };
}
