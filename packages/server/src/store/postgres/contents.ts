import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { ProfileContent } from '@esim-rsp/smdp/state/content';
import type { ContentStore } from '../ports/profiles.ts';
import { type ContentRow, contentColumns, contentFromRow, contentToRow } from '../rows/contents.ts';
import { contentQueries } from '../statements/contents.ts';
import type { Call } from './connection/batch.ts';
import type { Connection } from './connection/connection.ts';
import { statementsOf } from './connection/statements.ts';
import { putCall } from './connection/write-row.ts';

const statements = statementsOf(contentQueries);
const put = putCall('profile_content', contentColumns, ['iccid']);
const nameOf = (row: ContentRow) => `profile_content ${row.iccid}`;

export function postgresContents({ opened, rows, readableOne }: Connection): ContentStore {
  const contentFrom = opened('profile_content', contentFromRow);
  return {
    content: async (iccid) => readableOne(await rows(statements.byIccid, iccid), contentFrom, nameOf),
  };
}

/** Inserts the content of a new profile, or replaces that of an old one. */
export function putContent(iccid: Iccid, content: ProfileContent): Call {
  return put(contentToRow(iccid, content));
}
