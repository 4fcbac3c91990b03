import type { BegunRequest } from '../../ports/idempotency.ts';
import { MOST_PEOPLE, type Person, type PersonStore } from '../../ports/people/people.ts';
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
    update: () => prepareUpdate(connection, 'person', personColumns, ['id']),
  });
  const personFrom = opened('person', personFromRow);
  const nameOf = ({ id }: PersonRow) => `person ${id}`;
  const find = (account: string, id: string) =>
    readableOne(
      firstRowOf(statements.byId, account, id),
      personFrom,
      nameOf,
      (row: PersonRow) => row.account,
    );
  const recordWork = mustRecordWork(connection);
  const add = (person: Person, request?: BegunRequest) => {
    if ((statements.count.get(person.account) as { count: number }).count >= MOST_PEOPLE) return 'full';
    if (!writes.insert(personToRow(person))) return 'exists';
    recordWork(request, { id: person.id });
    return 'added';
  };
  const update = (account: string, id: string, change: (person: Person) => Person) => {
    const before = find(account, id);
    if (before === undefined) return undefined;
    const after = { ...change(before), id, account };
    writes.update(personToRow(after));
    return after;
  };
  const remove = (account: string, id: string) => {
    if (Number(statements.delete.run(account, id).changes) !== 1) return false;
    statements.deleteSessions.run(id);
    statements.deleteTickets.run(id);
    statements.deletePasskeys.run(id);
    return true;
  };
  return {
    people: (account) => read(() => readable(rowsOf(statements.ofAccount, account), personFrom, nameOf)),
    person: (account, id) => read(() => find(account, id)),
    peopleByEmail: (email) => read(() => readable(rowsOf(statements.byEmail, email), personFrom, nameOf)),
    addPerson: (person, request) => write(() => add(person, request)),
    updatePerson: (account, id, change) => write(() => update(account, id, change)),
    deletePerson: (account, id) => write(() => remove(account, id)),
  };
}
