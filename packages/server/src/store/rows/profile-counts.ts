import type { ProfileState } from '@esim-rsp/smdp/state/profile';
import type { Columns, Row } from './column-types.ts';

export const profileCountColumns = {
  account: 'text',
  profile_type: 'text',
  state: 'text',
  count: 'integer',
} as const satisfies Columns;

/** How many profiles of an account and a type are in a state. An empty type: of all types, and without one. Triggers write it. */
export type ProfileCountRow = Row<typeof profileCountColumns> & { readonly state: ProfileState };
