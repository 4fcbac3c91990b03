import type { Store } from '@esim-rsp/smdp/ports';
import type { Change, Saved } from '@esim-rsp/smdp/state/change';
import type { BegunRequest } from './idempotency.ts';

/** Writes the records of the SM-DP+: sessions, profiles with their contents, events, and how far a template is used up. */
export interface ChangeStore extends Pick<Store, 'early'> {
  /** As the SM-DP+ needs it. `request`: whose work this is. */
  save(changes: readonly Change[], request?: BegunRequest): Promise<Saved>;
}
