import type { SQLInputValue, StatementSync } from 'node:sqlite';
import type { Session } from '@esim-rsp/smdp/state/session';
import { sql } from 'kysely';
import type { SessionFilter, SessionStore } from '../ports/sessions.ts';
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
const sessionFrom = (values: unknown) => sessionFromRow(rowOf(values));
const nameOf = (values: unknown) => `session ${rowOf(values).transaction_id}`;

export function sqliteSessions(connection: Connection): SessionStore {
  const { kysely, prepare, prepareArrays, read, readLong, readable, readableOne, write } = connection;
  const queries = new Map<string, StatementSync>();
  const sessions = () => kysely.selectFrom('session').select(sessionColumnNames);
  const statements = prepareLazily({
    byId: () => prepareArrays(sessions().where('transaction_id', '=', '')),
    recent: () => prepareArrays(sessions().orderBy('opened_at', 'desc').orderBy('transaction_id').limit(1)),
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
  const search = (filter: SessionFilter) => {
    const query = searchQuery(kysely, filter);
    const { sql: text, parameters } = query.compile();
    const statement = queries.get(text) ?? prepareArrays(query);
    queries.set(text, statement); // one for each set of filters
    return readable(rowsOf(statement, ...(parameters as SQLInputValue[])), sessionFrom, nameOf);
  };
  return {
    sessions: (filter) => readLong(() => search(filter)),
    session: (transactionId) =>
      read(() => readableOne(rowsOf(statements.byId, transactionId), sessionFrom, nameOf)),
    recentSessions: (count) => read(() => readable(rowsOf(statements.recent, count), sessionFrom, nameOf)),
    deleteExpiredSessions: (now, most) =>
      write(() => Number(statements.deleteExpired.run(now, most).changes)),
  };
}

function searchQuery(kysely: Connection['kysely'], filter: SessionFilter) {
  const { account = '', iccid = '', eid = '', reason = '', since = 0, after, count } = filter;
  const { openedAt = 0, transactionId = '' } = after ?? {};
  return kysely
    .selectFrom('session')
    .select(sessionColumnNames)
    .where('opened_at', 'is not', null)
    .$if(filter.withoutProfile === true, (query) => query.where('asked_iccid', 'is', null))
    .$if(
      filter.withoutProfile === true && filter.account !== undefined && filter.eid !== undefined,
      (query) =>
        query.where('session.eid', 'in', (e) =>
          e
            .selectFrom('profile')
            .select('profile.eid')
            .where('account', '=', account)
            .whereRef('profile.eid', '=', 'session.eid')
            .$narrowType<{ eid: string }>(),
        ),
    )
    .$if(filter.account !== undefined && filter.withoutProfile !== true, (query) =>
      query.where('asked_iccid', 'in', (e) =>
        e
          .selectFrom('profile')
          .select('profile.iccid')
          .where('account', '=', account)
          .whereRef('profile.iccid', '=', 'session.asked_iccid'),
      ),
    )
    .$if(filter.iccid !== undefined, (query) => query.where('asked_iccid', '=', iccid))
    .$if(filter.eid !== undefined, (query) => query.where('eid', '=', eid))
    .$if(filter.reason !== undefined, (query) =>
      query.where(sql<boolean>`instr(reasons, ${` ${reason} `}) > 0`),
    )
    .$if(filter.since !== undefined, (query) => query.where('opened_at', '>=', since))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(opened_at, transaction_id) < (${openedAt}, ${transactionId})`),
    )
    .orderBy('opened_at', 'desc')
    .orderBy('transaction_id', 'desc')
    .limit(count);
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
