import type { Session } from '@esim-rsp/smdp/state/session';
import type { SessionFilter, SessionStore } from '../ports/sessions.ts';
import { readByName } from '../rows/read-by-name.ts';
import {
  type SessionRow,
  sessionColumnNames,
  sessionColumns,
  sessionFromRow,
  sessionToRow,
} from '../rows/sessions.ts';
import { deleteExpiredSessions, searchSessions, sessionQueries } from '../statements/sessions.ts';
import type { Call } from './connection/batch.ts';
import type { Connection } from './connection/connection.ts';
import { builder, statement, statementsOf } from './connection/statements.ts';
import { insertOneCall, nextVersionCall } from './connection/write-row.ts';

const statements = statementsOf(sessionQueries, 'arrays');
const deleteExpired = statement(deleteExpiredSessions(builder));
const insert = insertOneCall('session', sessionColumns, 'transaction_id');
const update = nextVersionCall('session', sessionColumns, ['transaction_id']);
const rowOf = readByName<SessionRow>(sessionColumnNames);
const sessionFrom = (values: unknown) => sessionFromRow(rowOf(values));
const nameOf = (values: unknown) => `session ${rowOf(values).transaction_id}`;

export function postgresSessions(connection: Connection): SessionStore {
  const { rows, rowsAlone, readable, readableOne, change } = connection;
  const search = async (filter: SessionFilter) => {
    const query = searchSessions(builder, filter).compile();
    return readable(
      await rowsAlone(statement({ compile: () => query }, 'arrays'), ...query.parameters),
      sessionFrom,
      nameOf,
    );
  };
  return {
    sessions: search,
    session: async (id) => readableOne(await rows(statements.byId, id), sessionFrom, nameOf),
    recentSessions: async (count) => readable(await rows(statements.recent, count), sessionFrom, nameOf),
    deleteExpiredSessions: (now, most) => change(deleteExpired, now, most),
  };
}

/** Writes the next version of a session; fails as stale if the stored one is not the version before. */
export function writeSession(session: Session): Call {
  const row = sessionToRow({ ...session, version: session.version + 1 });
  return session.version === 0 ? insert(row) : update(row);
}
