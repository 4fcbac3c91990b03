import type { EUICCProfileState, ProfileClass, ReuseType } from '@esim-rsp/sdk';

/** The words of the API that options take; a word that the API does not know, or one left out, does not compile. */
function wordsOf<W extends string>(all: Readonly<Record<W, true>>): readonly W[] {
  return Object.keys(all) as W[];
}

export const states = wordsOf<EUICCProfileState>({
  AVAILABLE: true,
  ALLOCATED: true,
  LINKED: true,
  CONFIRMED: true,
  RELEASED: true,
  DOWNLOADED: true,
  INSTALLED: true,
  ENABLED: true,
  DISABLED: true,
  DELETED: true,
  ERROR: true,
  UNAVAILABLE: true,
});

export const reuseTypes = wordsOf<ReuseType>({
  NEVER: true,
  SAME_EID_MID: true,
  SAME_EID: true,
  SAME_MID: true,
  NEW_EID: true,
  NEW_EID_MID: true,
});

export const profileClasses = wordsOf<ProfileClass>({ test: true, provisioning: true, operational: true });
