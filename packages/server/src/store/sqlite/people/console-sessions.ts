import type {
  ConsoleSession,
  ConsoleSessionStore,
  ConsoleTicket,
} from '../../ports/people/console-sessions.ts';
import {
  type ConsoleSessionRow,
  type ConsoleTicketRow,
  consoleSessionColumns,
  consoleSessionFromRow,
  consoleSessionToRow,
  consoleTicketColumns,
  consoleTicketFromRow,
  consoleTicketToRow,
} from '../../rows/people/console-sessions.ts';
import { consoleSessionQueries } from '../../statements/people/console-sessions.ts';
import { mustBeWhole } from '../../statements/write-row.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { firstRowOf, rowsOf } from '../connection/read-rows.ts';
import { prepareInsert } from '../connection/write-row.ts';

export function sqliteConsoleSessions(connection: Connection): ConsoleSessionStore {
  const { read, readable, readableOne, write } = connection;
  const statements = connection.prepareEach(consoleSessionQueries);
  const writes = prepareLazily({
    insert: () => prepareInsert(connection, 'console_session', consoleSessionColumns),
    insertTicket: () => prepareInsert(connection, 'console_ticket', consoleTicketColumns),
  });
  const nameOf = ({ id }: ConsoleSessionRow) => `console_session ${id}`;
  const add = (session: ConsoleSession) => {
    statements.deleteEnded.run(session.createdAt);
    writes.insert(consoleSessionToRow(session));
    const { account, person, keyId = '' } = session;
    if (person === undefined) statements.deleteOldestOfKey.run(account, keyId);
    else statements.deleteOldestOfPerson.run(person);
  };
  const addTicket = (ticket: ConsoleTicket, now: number) => {
    statements.deleteEndedTickets.run(now);
    writes.insertTicket(consoleTicketToRow(ticket));
  };
  return {
    consoleSession: (hash) =>
      read(() =>
        readableOne(
          firstRowOf(statements.byHash, hash),
          consoleSessionFromRow,
          nameOf,
          ({ account }: ConsoleSessionRow) => account,
        ),
      ),
    addConsoleSession: (session) => write(() => add(session)),
    recordConsoleSessionUse: (id, at) =>
      write(() => {
        mustBeWhole(at, 'console_session.last_used_at');
        statements.recordUse.run(at, id, at);
      }),
    deleteConsoleSession: (id) => write(() => Number(statements.delete.run(id).changes) === 1),
    consoleSessionsOf: (owner) =>
      read(() => {
        const found =
          'person' in owner
            ? rowsOf(statements.ofPerson, owner.person)
            : rowsOf(statements.ofKey, owner.account, owner.keyId);
        return readable(found, consoleSessionFromRow, nameOf);
      }),
    deleteConsoleSessionsOf: (owner, except = '') =>
      write(() => {
        if ('person' in owner) statements.deleteOfPerson.run(owner.person, except);
        else statements.deleteOfKey.run(owner.account, owner.keyId, except);
      }),
    consoleTicket: (hash, now) =>
      read(() => {
        const row = statements.ticket.get(hash, now) as ConsoleTicketRow | undefined;
        return row && consoleTicketFromRow(row);
      }),
    addConsoleTicket: (...added) => write(() => addTicket(...added)),
    takeConsoleTicket: (hash, now) =>
      write(() => {
        const row = statements.takeTicket.get(hash, now) as ConsoleTicketRow | undefined;
        return row && consoleTicketFromRow(row);
      }),
  };
}
