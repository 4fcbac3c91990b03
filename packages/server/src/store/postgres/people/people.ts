import { endsSessions, MOST_PEOPLE, type Person, type PersonStore } from '../../ports/people/people.ts';
import { consoleTicketColumns, consoleTicketToRow } from '../../rows/people/console-sessions.ts';
import { type PersonRow, personColumns, personFromRow, personToRow } from '../../rows/people/people.ts';
import { personQueries } from '../../statements/people/people.ts';
import { addWithin, countIn } from '../connection/add-within.ts';
import type { Connection } from '../connection/connection.ts';
import { forUpdate, statementsOf } from '../connection/statements.ts';
import { insertCall, updateCall } from '../connection/write-row.ts';
import { asWorkOf, recordWork } from '../idempotency.ts';

const statements = statementsOf(personQueries);
const lockById = forUpdate(statements.byId);
const lockInvited = forUpdate(statements.invited);
const insert = insertCall('person', personColumns, 'account, email');
const insertTicket = insertCall('console_ticket', consoleTicketColumns);
const updateRow = updateCall('person', personColumns, ['id']);
const nameOf = ({ id }: PersonRow) => `person ${id}`;
const accountOf = ({ account }: PersonRow) => account;

const deleteTickets = (person: string) => ({ statement: statements.deleteTickets, values: [person] });
/** All but one. */
const deleteSessions = (person: string, keep = '') => ({
  statement: statements.deleteSessions,
  values: [person, keep],
});
const update = (person: Person) => updateRow(personToRow(person));

export function postgresPeople(connection: Connection): PersonStore {
  const { opened, rows, readable, readableOne, transaction } = connection;
  const personFrom = opened('person', personFromRow);
  const one = (found: readonly unknown[]) => readableOne(found, personFrom, nameOf, accountOf);
  return {
    people: async (account) => readable(await rows(statements.ofAccount, account), personFrom, nameOf),
    person: async (account, id) => one(await rows(statements.byId, account, id)),
    peopleByEmail: async (email) => readable(await rows(statements.byEmail, email), personFrom, nameOf),
    addPerson: (person, invitation, request) => {
      const count = { statement: statements.count, values: [person.account] };
      const add = () =>
        addWithin(connection, person.account, [count], async (session, [known]) => {
          if (countIn(known) >= MOST_PEOPLE) return 'full';
          const [inserted] = await session.run([insert(personToRow(person))]);
          if (inserted?.changes !== 1) return 'exists';
          const tickets = invitation === undefined ? [] : [insertTicket(consoleTicketToRow(invitation))];
          await session.run([...tickets, ...recordWork(request, { id: person.id })]);
          return 'added';
        });
      return asWorkOf(request, add);
    },
    invitePerson: (invitation, request) => {
      const { account, person } = invitation;
      const calls = [deleteTickets(person), insertTicket(consoleTicketToRow(invitation))];
      const invite = () =>
        transaction(async (session) => {
          const [found] = await session.run([{ statement: lockById, values: [account, person] }]);
          if (one(found?.rows ?? []) === undefined) return 'unknown';
          await session.run([...calls, ...recordWork(request, { id: person })]);
          return 'invited';
        });
      return asWorkOf(request, invite);
    },
    acceptInvitation: (hash, passwordHash, now) =>
      transaction(async (session) => {
        const [found] = await session.run([{ statement: lockInvited, values: [hash, now] }]);
        const before = one(found?.rows ?? []);
        if (before === undefined || before.disabledAt !== undefined) return undefined;
        const after = { ...before, passwordHash, signedInAt: now };
        await session.run([update(after), deleteTickets(before.id), deleteSessions(before.id)]);
        return after;
      }),
    updatePerson: (account, id, changeOf, keep) =>
      transaction(async (session) => {
        const [found] = await session.run([{ statement: lockById, values: [account, id] }]);
        const before = one(found?.rows ?? []);
        if (before === undefined) return undefined;
        const after = { ...changeOf(before), id, account };
        const ended = endsSessions(before, after) ? [deleteSessions(id, keep)] : [];
        await session.run([update(after), ...ended]);
        return after;
      }),
    deletePerson: (account, id) =>
      transaction(async (session) => {
        const [deleted] = await session.run([{ statement: statements.delete, values: [account, id] }]);
        if (deleted?.changes !== 1) return false;
        await session.run([
          deleteSessions(id),
          deleteTickets(id),
          { statement: statements.deletePasskeys, values: [id] },
        ]);
        return true;
      }),
  };
}
