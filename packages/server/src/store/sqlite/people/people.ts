import type { BegunRequest } from '../../ports/idempotency.ts';
import {
  endsSessions,
  type Invitation,
  MOST_PEOPLE,
  type Person,
  type PersonStore,
} from '../../ports/people/people.ts';
import { consoleTicketColumns, consoleTicketToRow } from '../../rows/people/console-sessions.ts';
import { type PersonRow, personColumns, personFromRow, personToRow } from '../../rows/people/people.ts';
import { personQueries } from '../../statements/people/people.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { firstRowOf, rowsOf } from '../connection/read-rows.ts';
import { prepareInsert, prepareUpdate } from '../connection/write-row.ts';
import { mustRecordWork } from '../idempotency.ts';

export function sqlitePeople(connection: Connection): PersonStore {
  const { opened, read, readable, readableOne, write } = connection;
  const statements = connection.prepareEach(personQueries);
  const writes = prepareLazily({
    insert: () => prepareInsert(connection, 'person', personColumns, 'account, email'),
    insertTicket: () => prepareInsert(connection, 'console_ticket', consoleTicketColumns),
    update: () => prepareUpdate(connection, 'person', personColumns, ['id']),
  });
  const personFrom = opened('person', personFromRow);
  const nameOf = ({ id }: PersonRow) => `person ${id}`;
  const one = (row: unknown[]) => readableOne(row, personFrom, nameOf, ({ account }: PersonRow) => account);
  const find = (account: string, id: string) => one(firstRowOf(statements.byId, account, id));
  const recordWork = mustRecordWork(connection);
  const add = (person: Person, invitation?: Invitation, request?: BegunRequest) => {
    if ((statements.count.get(person.account) as { count: number }).count >= MOST_PEOPLE) return 'full';
    if (!writes.insert(personToRow(person))) return 'exists';
    if (invitation !== undefined) writes.insertTicket(consoleTicketToRow(invitation));
    recordWork(request, { id: person.id });
    return 'added';
  };
  const invite = (invitation: Invitation, request?: BegunRequest) => {
    const { account, person } = invitation;
    if (find(account, person) === undefined) return 'unknown';
    statements.deleteTickets.run(person);
    writes.insertTicket(consoleTicketToRow(invitation));
    recordWork(request, { id: person });
    return 'invited';
  };
  const accept = (hash: Uint8Array, passwordHash: string, now: number) => {
    const before = one(firstRowOf(statements.invited, hash, now));
    if (before === undefined || before.disabledAt !== undefined) return undefined;
    const after = { ...before, passwordHash, signedInAt: now };
    writes.update(personToRow(after));
    statements.deleteTickets.run(before.id);
    statements.deleteSessions.run(before.id, '');
    return after;
  };
  const update = (account: string, id: string, change: (person: Person) => Person, keep = '') => {
    const before = find(account, id);
    if (before === undefined) return undefined;
    const after = { ...change(before), id, account };
    writes.update(personToRow(after));
    if (endsSessions(before, after)) statements.deleteSessions.run(id, keep);
    return after;
  };
  const remove = (account: string, id: string) => {
    if (Number(statements.delete.run(account, id).changes) !== 1) return false;
    statements.deleteSessions.run(id, '');
    statements.deleteTickets.run(id);
    statements.deletePasskeys.run(id);
    return true;
  };
  return {
    people: (account) => read(() => readable(rowsOf(statements.ofAccount, account), personFrom, nameOf)),
    person: (account, id) => read(() => find(account, id)),
    peopleByEmail: (email) => read(() => readable(rowsOf(statements.byEmail, email), personFrom, nameOf)),
    addPerson: (...added) => write(() => add(...added)),
    invitePerson: (...invited) => write(() => invite(...invited)),
    acceptInvitation: (...accepted) => write(() => accept(...accepted)),
    updatePerson: (...updated) => write(() => update(...updated)),
    deletePerson: (account, id) => write(() => remove(account, id)),
  };
}
