import { type ProfileState, statesOutOfUse } from '@esim-rsp/smdp/state/profile';
import type { StoredEvent } from '../../store/ports/events.ts';
import type { CoreTime } from '../../store/ports/gateway/core-networks.ts';

/** What a delivery to a core network does. */
export const coreActions = ['add', 'remove'] as const;
export type CoreAction = (typeof coreActions)[number];

const [DELETED, UNAVAILABLE] = statesOutOfUse;
const beforeRelease: readonly ProfileState[] = ['AVAILABLE', 'ALLOCATED', 'LINKED', 'CONFIRMED'];
/** The states in which a subscription is not in the core network. A profile that was deleted from its phone keeps it: it may return. */
const outside: Readonly<Record<CoreTime, readonly ProfileState[]>> = {
  stocked: [UNAVAILABLE],
  ordered: ['AVAILABLE', UNAVAILABLE],
  released: [...beforeRelease, UNAVAILABLE],
};

/** Whether the subscription of a profile in this state is to be in the core network. */
export function isInCore(state: ProfileState, when: CoreTime): boolean {
  return state === DELETED || !outside[when].includes(state);
}

/** What an event changes for a core network; undefined: nothing. */
export function actionOf({ type, from, to }: StoredEvent, when: CoreTime): CoreAction | undefined {
  const was = from !== undefined && isInCore(from, when);
  if (type === 'profile.purged') return was ? 'remove' : undefined;
  const is = isInCore(to, when);
  if (was === is) return undefined;
  return is ? 'add' : 'remove';
}
