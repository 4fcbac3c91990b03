import type { InstallLinkChange } from '@esim-rsp/smdp/state/install-link';
import { hasExpired, type OrderId } from '@esim-rsp/smdp/state/order';
import { orderOf, type Profile } from '@esim-rsp/smdp/state/profile';
import type { InstallLink } from '../store/ports/install/links.ts';
import { type OrderView, type ProfileView, viewOrder } from '../store/ports/profile-view.ts';

/** What the customer of a link has to know of the order, in the order of its life. */
export const linkStates = [
  'preparing',
  'waiting',
  'downloading',
  'interrupted',
  'installed',
  'deleted',
  'expired',
  'support',
  'cancelled',
] as const;
export type LinkState = (typeof linkStates)[number];

/** A download that has not ended after this time has probably failed: the customer gets the code again. */
const INTERRUPTED_SECONDS = 180;

/** What of a Profile says in which state its order is. */
export type LinkedProfile = Pick<ProfileView, 'state' | 'changedAt' | 'order' | 'reason'> & {
  readonly orderId: OrderId | undefined;
};

export function linkedProfileOf(profile: Profile): LinkedProfile {
  const order = orderOf(profile);
  return {
    state: profile.state,
    changedAt: profile.changedAt,
    order: order && viewOrder(order),
    orderId: order?.id,
    reason: 'reason' in profile ? profile.reason : undefined,
  };
}

/** The state of the order that a link is for; `now` is in Unix milliseconds. */
export function linkStateOf(
  link: Pick<InstallLink, 'order'>,
  profile: LinkedProfile | undefined,
  now: number,
): LinkState {
  const { order } = profile ?? {};
  if (profile === undefined || order === undefined || profile.orderId !== link.order) return 'cancelled';
  switch (profile.state) {
    case 'CONFIRMED':
      return hasExpired(order, { now }) ? 'expired' : 'preparing';
    case 'RELEASED':
      if (hasExpired(order, { now })) return 'expired';
      return isUsedUp(order) ? 'support' : 'waiting';
    case 'DOWNLOADED':
      return now - profile.changedAt * 1000 < INTERRUPTED_SECONDS * 1000 ? 'downloading' : 'interrupted';
    case 'INSTALLED':
    case 'ENABLED':
    case 'DISABLED':
      return 'installed';
    case 'DELETED':
      return 'deleted';
    case 'ERROR':
      return profile.reason?.reasonCode === '4.10' ? 'expired' : 'support';
    default: // states without an order
      return 'cancelled';
  }
}

function isUsedUp({ downloadAttemptsLeft, confirmationAttemptsLeft, reusable }: OrderView): boolean {
  return (downloadAttemptsLeft <= 0 && !reusable) || confirmationAttemptsLeft === 0;
}

/** A customer can ask for help once in this time. */
const HELP_MS = 24 * 60 * 60 * 1000;

/** Whether the customer may ask for help, and what to save when that happens. */
export function helpRequestOf(
  { hash, helpAskedAt }: Pick<InstallLink, 'hash' | 'helpAskedAt'>,
  now: number,
): InstallLinkChange | undefined {
  const notSince = now - HELP_MS;
  return helpAskedAt !== undefined && helpAskedAt > notSince ? undefined : { hash, askedAt: now, notSince };
}
