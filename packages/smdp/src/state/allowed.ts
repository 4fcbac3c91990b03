import type { Profile, ProfileState } from './profile.ts';

/** What can be requested for a Profile, by the names of the REST API. */
export type ProfileAction =
  | 'order'
  | 'confirm'
  | 'release'
  | 'cancel'
  | 're-release'
  | 'retire'
  | 'reset'
  | 'update';

/** What each state allows. */
export const allowed: Readonly<Record<ProfileState, readonly ProfileAction[]>> = {
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

/** The state of a Profile and what it allows other than the action that is refused: the end of the message of a refusal. */
export function describeState({ state }: Pick<Profile, 'state'>, refused: ProfileAction): string {
  const others = allowed[state].filter((action) => action !== refused);
  return others.length === 0
    ? `this one is ${state}`
    : `this one is ${state}, which allows: ${others.join(', ')}`;
}
