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
  const sessionsIn = (found: readonly unknown[]) => readable(found, sessionFrom, nameOf);
  const rowsFor = (query: Compilable) => {
    const compiled = query.compile();
    return rowsAlone(statement({ compile: () => compiled }, 'arrays'), ...compiled.parameters);
  };
  const partOf = async (filter: SessionFilter) => {
    const steps = readSessionPart(builder, filter, sessionsIn);
    let step = steps.next();
    while (step.done !== true) step = steps.next(await rowsFor(step.value));
    return step.value;
  };
  return {
    sessions: (filter) => readPage(filter, partOf),
    session: async (id) => readableOne(await rows(statements.byId, id), sessionFrom, nameOf),
    recentSessions: async (count) => sessionsIn(await rows(statements.recent, count)),
    deleteExpiredSessions: (now, most) => change(deleteExpired, now, most),
  };
}

/** Writes the next version of a session; fails as stale if the stored one is not the version before. */
export function writeSession(session: Session): Call {
  const row = sessionToRow({ ...session, version: session.version + 1 });
  return session.version === 0 ? insert(row) : update(row);
}
