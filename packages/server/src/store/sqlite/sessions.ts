import type { Session } from '@esim-rsp/smdp/state/session';
import type { SessionStore } from '../ports/sessions.ts';
import {
  type SessionRow,
  sessionColumnNames,
  sessionColumns,
  sessionFromRow,
  sessionToRow,
} from '../rows/sessions.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { readByName } from './connection/read-by-name.ts';
import { rowsOf } from './connection/read-rows.ts';
import { prepareInsert, prepareNextVersion } from './connection/write-row.ts';

const rowOf = readByName<SessionRow>(sessionColumnNames);

export function sqliteSessions({
  kysely,
  prepare,
  prepareArrays,
  read,
  readable,
  write,
}: Connection): SessionStore {
  const sessions = () => kysely.selectFrom('session').select(sessionColumnNames);
  const statements = prepareLazily({
    byId: () => prepareArrays(sessions().where('transaction_id', '=', '')),
    recent: () => prepareArrays(sessions().orderBy('opened_at', 'desc').limit(1)),
    deleteExpired: () =>
      prepare(
        kysely
          .deleteFrom('session')
          .where('transaction_id', 'in', (e) =>
            e
              .selectFrom('session')
              .select('transaction_id')
              .where('expires_at', '<', 0)
              .orderBy('expires_at')
              .limit(1),
          ),
      ),
  });
  return {
    session: (transactionId) =>
      read(() => {
        const values = statements.byId.get(transactionId);
        return values === undefined ? undefined : sessionFromRow(rowOf(values));
      }),
    recentSessions: (count) =>
      read(() =>
        readable(
          rowsOf(statements.recent, count),
          (values) => sessionFromRow(rowOf(values)),
          (values) => `session ${rowOf(values).transaction_id}`,
        ),
      ),
    deleteExpiredSessions: (now, most) =>
      write(() => Number(statements.deleteExpired.run(now, most).changes)),
  };
}

/** Writes the next version of a session; false: the stored one is not the version before. */
export function sessionWriter({ db }: Connection): (session: Session) => boolean {
  const statements = prepareLazily({
    insert: () => prepareInsert(db, 'session', sessionColumns, 'transaction_id'),
    update: () => prepareNextVersion(db, 'session', sessionColumns, ['transaction_id']),
  });
  return (session) => {
    const row = sessionToRow({ ...session, version: session.version + 1 });
    return session.version === 0 ? statements.insert(row) : statements.update(row);
  };
}
