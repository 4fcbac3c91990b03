import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Profile, ProfileState, Released } from '@esim-rsp/smdp/state/profile';
import type { Use } from '@esim-rsp/smdp/state/use';
import type { Columns } from '../rows/column-types.ts';
import {
  isOnlyStock,
  latestUseColumns,
  profileColumns,
  profileToRow,
  stockColumns,
} from '../rows/profiles.ts';
import { useColumns, useToRow } from '../rows/uses.ts';
import { otherForms } from '../sealing/other-forms.ts';
import { imsiOfAnother, insertNewProfile, profileFactQueries } from '../statements/profiles.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { prepareInsert, prepareNextVersion, prepareUpdate, prepareWrite } from './connection/write-row.ts';
import { indexedColumnsBut } from './profile-indexes.ts';

/** The update that usually suffices when a profile comes to a state; `onDevice` for the others. */
const narrowest: Readonly<Partial<Record<ProfileState, 'inState' | 'inOrder'>>> = {
  RELEASED: 'inState',
  DOWNLOADED: 'inOrder',
};

/**
 * Writes the next version of a profile; false: the stored one is not the version before. The update that rewrites the
 * fewest indexes is tried first: it changes nothing where a column that it leaves out would change.
 */
export function profileWriter(connection: Connection): (profile: Profile) => boolean {
  /** The MatchingID stays the same, and so does what is sealed of it. */
  const { matching_id_sealed, ...others } = profileColumns;
  const update = (same: readonly (keyof typeof others)[]) => () =>
    prepareNextVersion(connection, 'profile', others, same);
  const insert = (columns: Columns) => () =>
    prepareWrite<typeof profileColumns>(connection, 'profile', insertNewProfile(columns));
  const statements = prepareLazily({
    insert: insert(profileColumns),
    /** A statement without the empty columns: they are most of them. */
    insertStock: insert(stockColumns),
    /** Every indexed column stays the same. */
    inState: update(indexedColumnsBut([])),
    /** The order stays the same, and its eUICC. */
    onDevice: update(indexedColumnsBut(['state', 'changed_at'])),
    /** The order stays the same. */
    inOrder: update(indexedColumnsBut(['state', 'changed_at', 'eid'])),
    whole: () => prepareNextVersion(connection, 'profile', profileColumns, ['iccid']),
  });
  return (profile) => {
    const row = profileToRow({ ...profile, version: profile.version + 1 });
    if (profile.version === 0) return statements[isOnlyStock(row) ? 'insertStock' : 'insert'](row);
    return statements[narrowest[profile.state] ?? 'onDevice'](row) || statements.whole(row);
  };
}

/** Whether another profile in use of the account has the IMSI of this one. */
export function imsiChecker({ db }: Connection): (profile: Profile) => boolean {
  const statements = prepareLazily({ ofAnother: () => db.prepare(imsiOfAnother) });
  return ({ account, imsi, iccid }) => statements.ofAnother.get(account, imsi, iccid) !== undefined;
}

/** Whether the order of another profile has the MatchingID of this one in a form in which the index of MatchingIDs does not see that both are the same. */
export function matchingIdChecker({ prepareEach, sealing }: Connection): (profile: Profile) => boolean {
  const facts = prepareEach(profileFactQueries);
  return (profile) =>
    otherForms(sealing, profile).some((form) => facts.hasMatchingId.get(form, profile.iccid) !== undefined);
}

/** Whether the stored profile has the version of this one. */
export function versionChecker({ prepareEach }: Connection): (profile: Profile) => boolean {
  const facts = prepareEach(profileFactQueries);
  return ({ iccid, version }) => facts.version.get(iccid, version) !== undefined;
}

/** Writes the next version of a use; false: the stored one is not the version before. */
export function useWriter(connection: Connection): (use: Use) => boolean {
  const statements = prepareLazily({
    insert: () => prepareInsert(connection, 'profile_use', useColumns, 'iccid, eid'),
    update: () => prepareNextVersion(connection, 'profile_use', useColumns, ['iccid', 'eid']),
  });
  return (use) => {
    const row = useToRow({ ...use, version: use.version + 1 });
    return use.version === 0 ? statements.insert(row) : statements.update(row);
  };
}

/** Deletes the uses of an order that has ended, with their one-time keys. */
export function usesDeleter({ prepareEach }: Connection): (iccid: Iccid) => void {
  const statements = prepareEach(profileFactQueries);
  return (iccid) => {
    statements.deleteUses.run(iccid);
  };
}

/** Shows the latest use of a reusable order; nothing is written if the order has ended meanwhile. */
export function latestUseWriter(connection: Connection): (profile: Released) => void {
  const statements = prepareLazily({
    update: () =>
      prepareUpdate(connection, 'profile', latestUseColumns, ['iccid', 'state', 'order_id', 'reusable']),
  });
  return (profile) => {
    statements.update(profileToRow(profile));
  };
}
