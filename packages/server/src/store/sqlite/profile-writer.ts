import type { Profile, ProfileState } from '@esim-rsp/smdp/state/profile';
import { profileColumns, profileToRow } from '../rows/profiles.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { prepareInsert, prepareNextVersion } from './connection/write-row.ts';
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
export function profileWriter({ db }: Connection): (profile: Profile) => boolean {
  const update = (same: readonly (keyof typeof profileColumns)[]) => () =>
    prepareNextVersion(db, 'profile', profileColumns, same);
  const statements = prepareLazily({
    insert: () => prepareInsert(db, 'profile', profileColumns, 'iccid'),
    /** Every indexed column stays the same. */
    inState: update(indexedColumnsBut([])),
    /** The order stays the same, and its eUICC. */
    onDevice: update(indexedColumnsBut(['state', 'changed_at'])),
    /** The order stays the same. */
    inOrder: update(indexedColumnsBut(['state', 'changed_at', 'eid'])),
    whole: update(['iccid']),
  });
  return (profile) => {
    const row = profileToRow({ ...profile, version: profile.version + 1 });
    if (profile.version === 0) return statements.insert(row);
    return statements[narrowest[profile.state] ?? 'onDevice'](row) || statements.whole(row);
  };
}
