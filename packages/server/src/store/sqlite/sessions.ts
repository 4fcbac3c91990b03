import type { SQLInputValue, StatementSync } from 'node:sqlite';
import type { Session } from '@esim-rsp/smdp/state/session';
import type { Compilable } from 'kysely';
import type { SessionFilter, SessionStore } from '../ports/sessions.ts';
import { readByName } from '../rows/read-by-name.ts';
import {
  type SessionRow,
  sessionColumnNames,
  sessionColumns,
  sessionFromRow,
  sessionToRow,
} from '../rows/sessions.ts';
import { readPage } from '../statements/logs/log-page.ts';
import { readSessionPart } from '../statements/session-search.ts';
import { deleteExpiredSessions, sessionQueries } from '../statements/sessions.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { firstRowOf, rowsOf } from './connection/read-rows.ts';
import { prepareInsert, prepareNextVersion } from './connection/write-row.ts';
import { lastingColumns } from './session-indexes.ts';

const rowOf = readByName<SessionRow>(sessionColumnNames);
const sessionFrom = (values: unknown) => sessionFromRow(rowOf(values));
const nameOf = (values: unknown) => `session ${rowOf(values).transaction_id}`;

export function sqliteSessions(connection: Connection): SessionStore {
  const { kysely, prepare, prepareArrays, read, readLong, readable, readableOne, write } = connection;
  const queries = new Map<string, StatementSync>();
  const statements = connection.prepareEach(sessionQueries, 'arrays');
  const writes = prepareLazily({ deleteExpired: () => prepare(deleteExpiredSessions(kysely)) });
  const sessionsIn = (rows: readonly unknown[]) => readable(rows, sessionFrom, nameOf);
  const rowsFor = (query: Compilable) => {
    const { sql: text, parameters } = query.compile();
    const statement = queries.get(text) ?? prepareArrays(query);
    queries.set(text, statement); // one for each set of filters
    return rowsOf(statement, ...(parameters as SQLInputValue[]));
  };
  const partOf = (filter: SessionFilter) => {
    const steps = readSessionPart(kysely, filter, sessionsIn);
    let step = steps.next();
    while (step.done !== true) step = steps.next(rowsFor(step.value));
    return step.value;
  };
  return {
    sessions: (filter) => readPage(filter, (part) => readLong(() => partOf(part))),
    session: (transactionId) =>
      read(() => readableOne(firstRowOf(statements.byId, transactionId), sessionFrom, nameOf)),
    recentSessions: (count) => read(() => sessionsIn(rowsOf(statements.recent, count))),
    deleteExpiredSessions: (now, most) => write(() => Number(writes.deleteExpired.run(now, most).changes)),
  };
}

/** Writes the next version of a session; false: the stored one is not the version before. The update that rewrites the fewest indexes is tried first. */
export function sessionWriter(connection: Connection): (session: Session) => boolean {
  const statements = prepareLazily({
    insert: () => prepareInsert(connection, 'session', sessionColumns, 'transaction_id'),
    usual: () => prepareNextVersion(connection, 'session', sessionColumns, lastingColumns),
    whole: () => prepareNextVersion(connection, 'session', sessionColumns, ['transaction_id']),
  });
  return (session) => {
    const row = sessionToRow({ ...session, version: session.version + 1 });
    return session.version === 0 ? statements.insert(row) : statements.usual(row) || statements.whole(row);
  };
}
