import type { ConsoleSession, ConsoleSessionStore } from '../../ports/people/console-sessions.ts';
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
import type { Connection } from '../connection/connection.ts';
import { statementsOf } from '../connection/statements.ts';
import { insertCall } from '../connection/write-row.ts';

const statements = statementsOf(consoleSessionQueries);
const insert = insertCall('console_session', consoleSessionColumns);
const insertTicket = insertCall('console_ticket', consoleTicketColumns);
const nameOf = ({ id }: ConsoleSessionRow) => `console_session ${id}`;
const accountOf = ({ account }: ConsoleSessionRow) => account;

function deleteOldestOf({ account, person, keyId = '' }: ConsoleSession) {
  return person === undefined
    ? { statement: statements.deleteOldestOfKey, values: [account, keyId] }
    : { statement: statements.deleteOldestOfPerson, values: [person] };
}

export function postgresConsoleSessions(connection: Connection): ConsoleSessionStore {
  const { rows, readable, readableOne, write, change, inOrder } = connection;
  return {
    consoleSession: async (hash) =>
      readableOne(await rows(statements.byHash, hash), consoleSessionFromRow, nameOf, accountOf),
    addConsoleSession: (session) =>
      inOrder(['console sessions'], async () => {
        await write([
          { statement: statements.deleteEnded, values: [session.createdAt] },
          insert(consoleSessionToRow(session)),
          deleteOldestOf(session),
        ]);
      }),
    recordConsoleSessionUse: async (id, at) => {
      mustBeWhole(at, 'console_session.last_used_at');
      await change(statements.recordUse, at, id, at);
    },
    deleteConsoleSession: async (id) => (await change(statements.delete, id)) === 1,
    consoleSessionsOf: async (owner) => {
      const found =
        'person' in owner
          ? await rows(statements.ofPerson, owner.person)
          : await rows(statements.ofKey, owner.account, owner.keyId);
      return readable(found, consoleSessionFromRow, nameOf);
    },
    deleteConsoleSessionsOf: async (owner, except = '') => {
      if ('person' in owner) await change(statements.deleteOfPerson, owner.person, except);
      else await change(statements.deleteOfKey, owner.account, owner.keyId, except);
    },
    consoleTicket: async (hash, now) => {
      const [row] = (await rows(statements.ticket, hash, now)) as ConsoleTicketRow[];
      return row && consoleTicketFromRow(row);
    },
    addConsoleTicket: async (ticket, now) => {
      const calls = [
        { statement: statements.deleteEndedTickets, values: [now] },
        insertTicket(consoleTicketToRow(ticket)),
      ];
      await inOrder(['console tickets'], () => write(calls));
    },
    takeConsoleTicket: async (hash, now) => {
      const [taken] = await write([{ statement: statements.takeTicket, values: [hash, now] }]);
      const row = taken?.rows[0] as ConsoleTicketRow | undefined;
      return row && consoleTicketFromRow(row);
    },
  };
}
