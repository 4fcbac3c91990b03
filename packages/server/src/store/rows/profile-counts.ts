import type { ProfileState } from '@esim-rsp/smdp/state/profile';

/** How many profiles of an account and a type are in a state. An empty type: of all types, and without one. Triggers write it. */
export type ProfileCountRow = {
  readonly account: string;
  readonly profile_type: string;
  readonly state: ProfileState;
  readonly count: number;
};
