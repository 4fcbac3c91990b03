import type { Profile, ProfileState } from './profile.ts';

/** What can be asked of a Profile, by the names that the REST API has for it. */
export type Wish = 'order' | 'confirm' | 'release' | 'cancel' | 're-release' | 'retire' | 'reset' | 'update';

/** What each state allows. */
export const allowed: Readonly<Record<ProfileState, readonly Wish[]>> = {
  AVAILABLE: ['order', 'update', 'retire'],
  ALLOCATED: ['confirm', 'update', 'cancel'],
  LINKED: ['confirm', 'update', 'cancel'],
  CONFIRMED: ['release', 'update', 'cancel'],
  RELEASED: ['update', 'cancel'],
  DOWNLOADED: ['re-release'],
  INSTALLED: ['re-release', 'retire'],
  ENABLED: ['re-release', 'retire'],
  DISABLED: ['re-release', 'retire'],
  DELETED: ['re-release', 'reset', 'retire'],
  ERROR: ['re-release', 'reset', 'retire'],
  UNAVAILABLE: ['reset'],
};

/** Where the Profile stands and what can be asked of it there: the end of a refusal. */
export function standing({ state }: Pick<Profile, 'state'>): string {
  return `this one is ${state}, which allows: ${allowed[state].join(', ')}`;
}
