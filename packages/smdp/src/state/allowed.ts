import type { Profile, ProfileState } from './profile.ts';

/** What can be asked of a Profile, by the names that the REST API has for it. */
export type Wish =
  | 'order'
  | 'confirm'
  | 'release'
  | 'cancel'
  | 're-release'
  | 'retire'
  | 'restock'
  | 'change';

/** What each state allows. */
export const allowed: Readonly<Record<ProfileState, readonly Wish[]>> = {
  AVAILABLE: ['order', 'change', 'retire'],
  ALLOCATED: ['confirm', 'change', 'cancel'],
  LINKED: ['confirm', 'change', 'cancel'],
  CONFIRMED: ['release', 'change', 'cancel'],
  RELEASED: ['change', 'cancel'],
  DOWNLOADED: ['re-release'],
  INSTALLED: ['re-release', 'retire'],
  ENABLED: ['re-release', 'retire'],
  DISABLED: ['re-release', 'retire'],
  DELETED: ['re-release', 'restock', 'retire'],
  ERROR: ['re-release', 'restock', 'retire'],
  UNAVAILABLE: ['restock'],
};

/** Where the Profile stands and what can be asked of it there: the end of a refusal. */
export function standing({ state }: Pick<Profile, 'state'>): string {
  return `this one is ${state}, which allows: ${allowed[state].join(', ')}`;
}
