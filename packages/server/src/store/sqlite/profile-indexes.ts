import type { ProfileRow } from '../rows/profiles.ts';

/** Every index of the table of profiles, with the columns that it depends on. A test compares them with the database. */
export const profileIndexes = {
  profile_account_iccid: ['account', 'iccid'],
  profile_account_state_iccid: ['account', 'state', 'iccid'],
  profile_account_profile_type: ['account', 'profile_type', 'iccid'],
  profile_account_eid: ['account', 'eid', 'iccid'],
  profile_account_imsi: ['account', 'imsi', 'iccid'],
  profile_account_msisdn: ['account', 'msisdn_digits', 'iccid'],
  profile_account_changed_at: ['account', 'changed_at', 'iccid'],
  profile_stock: ['account', 'profile_type', 'state', 'changed_at', 'iccid'],
  profile_matching_id: ['matching_id'],
  profile_account_upstream_matching_id: ['account', 'upstream_matching_id_hash', 'iccid'],
  profile_waiting: ['order_eid', 'matching_id', 'state', 'released_at', 'iccid'],
  profile_download_order_call: ['account', 'download_order_call'],
  profile_order_expires_at: ['state', 'reusable', 'order_expires_at'],
  profile_returns_at: ['returns_at'],
} as const satisfies Readonly<Record<string, readonly (keyof ProfileRow)[]>>;

type IndexedColumn = (typeof profileIndexes)[keyof typeof profileIndexes][number];

/**
 * The ICCID, and the columns of indexes but `changing`. SQLite rewrites an index when an UPDATE names one of its columns,
 * even if the value stays the same, and that costs more than the row: so an UPDATE names only those that change.
 */
export function indexedColumnsBut(changing: readonly IndexedColumn[]): readonly IndexedColumn[] {
  const all = new Set(['iccid' as const, ...Object.values(profileIndexes).flat()]);
  return [...all].filter((column) => !changing.includes(column));
}
