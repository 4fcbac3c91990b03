import type { Store } from '@esim-rsp/smdp/ports';

/** Writes the records of the SM-DP+: sessions, profiles with their contents, events, and how far a template is used up. */
export type ChangeStore = Pick<Store, 'save' | 'early'>;
