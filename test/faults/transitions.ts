import type { EUICCProfileState, ProfileEventType } from '@esim-rsp/sdk';

/**
 * The transitions of SGP.22 3.1.6 and those of the REST API, written down once more and independent of the source: which states an event of
 * this type may start from and lead to.
 */
const moves: Readonly<Partial<Record<ProfileEventType, readonly string[]>>> = {
  'profile.created': ['- AVAILABLE'],
  'profile.ordered': ['AVAILABLE ALLOCATED', 'AVAILABLE LINKED'],
  'profile.confirmed': ['AVAILABLE CONFIRMED', 'ALLOCATED CONFIRMED', 'LINKED CONFIRMED'],
  'profile.released': [
    'AVAILABLE RELEASED',
    'ALLOCATED RELEASED',
    'LINKED RELEASED',
    'CONFIRMED RELEASED',
    'DELETED RELEASED',
    'ERROR RELEASED',
  ],
  'profile.downloaded': ['RELEASED DOWNLOADED'],
  'profile.postponed': ['DOWNLOADED RELEASED'],
  'profile.installed': [
    'DOWNLOADED INSTALLED',
    'RELEASED INSTALLED',
    'ERROR INSTALLED',
    'DELETED INSTALLED', // by the same eUICC, which had downloaded it twice before it reported anything
  ],
  'profile.enabled': ['DOWNLOADED ENABLED', 'INSTALLED ENABLED', 'DISABLED ENABLED'],
  'profile.disabled': ['DOWNLOADED DISABLED', 'INSTALLED DISABLED', 'ENABLED DISABLED'],
  'profile.deleted': ['DOWNLOADED DELETED', 'INSTALLED DELETED', 'ENABLED DELETED', 'DISABLED DELETED'],
  'profile.error': ['RELEASED ERROR', 'DOWNLOADED ERROR', 'ERROR ERROR'],
  'profile.expired': ['RELEASED ERROR', 'DOWNLOADED ERROR', 'ALLOCATED ERROR', 'CONFIRMED ERROR'],
  'profile.cancelled': ['ALLOCATED', 'LINKED', 'CONFIRMED', 'RELEASED'].flatMap((state) => [
    `${state} AVAILABLE`,
    `${state} UNAVAILABLE`,
  ]),
  'profile.retired': ['AVAILABLE', 'INSTALLED', 'ENABLED', 'DISABLED', 'DELETED', 'ERROR'].map(
    (state) => `${state} UNAVAILABLE`,
  ),
  'profile.reset': ['UNAVAILABLE AVAILABLE', 'DELETED AVAILABLE', 'ERROR AVAILABLE'],
};

type Step = {
  readonly type: ProfileEventType;
  readonly from?: EUICCProfileState | undefined;
  readonly to: EUICCProfileState;
};

/** Why there is no such transition; undefined: there is one. An event that leaves the state as it is needs none. */
export function transitionFault({ type, from = '-' as never, to }: Step): string | undefined {
  const known = moves[type];
  if (known === undefined) return from === to ? undefined : `${type} changed the state from ${from} to ${to}`;
  if (from === 'RELEASED' && to === 'RELEASED') return undefined; // of a reusable order, whose devices report
  return known.includes(`${from} ${to}`) ? undefined : `${type} led from ${from} to ${to}`;
}
