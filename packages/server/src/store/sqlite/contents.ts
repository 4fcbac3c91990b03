import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { ProfileContent } from '@esim-rsp/smdp/state/content';
import type { ContentStore } from '../ports/profiles.ts';
import { type ContentRow, contentColumns, contentFromRow, contentToRow } from '../rows/contents.ts';
import { contentQueries } from '../statements/contents.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { firstRowOf } from './connection/read-rows.ts';
import { prepareInsert, prepareUpdate } from './connection/write-row.ts';

export function sqliteContents({ opened, prepareEach, read, readableOne }: Connection): ContentStore {
  const contentFrom = opened('profile_content', contentFromRow);
  const statements = prepareEach(contentQueries);
  return {
    content: (iccid) =>
      read(() =>
        readableOne(
          firstRowOf(statements.byIccid, iccid),
          contentFrom,
          (row: ContentRow) => `profile_content ${row.iccid}`,
        ),
      ),
  };
}

/** Inserts the content of a new profile, or replaces that of an old one. */
export function contentWriter(connection: Connection): (iccid: Iccid, content: ProfileContent) => boolean {
  const statements = prepareLazily({
    insert: () => prepareInsert(connection, 'profile_content', contentColumns, 'iccid'),
    update: () => prepareUpdate(connection, 'profile_content', contentColumns, ['iccid']),
  });
  return (iccid, content) => {
    const row = contentToRow(iccid, content);
    return statements.insert(row) || statements.update(row);
  };
}
