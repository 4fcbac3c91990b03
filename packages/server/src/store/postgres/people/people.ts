import { MOST_PEOPLE, type PersonStore } from '../../ports/people/people.ts';
import { type PersonRow, personColumns, personFromRow, personToRow } from '../../rows/people/people.ts';
import { personQueries } from '../../statements/people/people.ts';
import { addWithin, countIn } from '../connection/add-within.ts';
import type { Connection } from '../connection/connection.ts';
import { forUpdate, statementsOf } from '../connection/statements.ts';
import { insertCall, updateCall } from '../connection/write-row.ts';
import { asWorkOf, recordWork } from '../idempotency.ts';

const statements = statementsOf(personQueries);
const lockById = forUpdate(statements.byId);
const insert = insertCall('person', personColumns, 'account, email');
const updateRow = updateCall('person', personColumns, ['id']);
const nameOf = ({ id }: PersonRow) => `person ${id}`;
const accountOf = ({ account }: PersonRow) => account;

export function postgresPeople(connection: Connection): PersonStore {
  const { opened, rows, readable, readableOne, transaction } = connection;
  const personFrom = opened('person', personFromRow);
  const one = (found: readonly unknown[]) => readableOne(found, personFrom, nameOf, accountOf);
  return {
    people: async (account) => readable(await rows(statements.ofAccount, account), personFrom, nameOf),
    person: async (account, id) => one(await rows(statements.byId, account, id)),
    peopleByEmail: async (email) => readable(await rows(statements.byEmail, email), personFrom, nameOf),
    addPerson: (person, request) => {
      const count = { statement: statements.count, values: [person.account] };
      const add = () =>
        addWithin(connection, person.account, [count], async (session, [known]) => {
          if (countIn(known) >= MOST_PEOPLE) return 'full';
          const [inserted] = await session.run([insert(personToRow(person))]);
          if (inserted?.changes !== 1) return 'exists';
          if (request !== undefined) await session.run(recordWork(request, { id: person.id }));
          return 'added';
        });
      return asWorkOf(request, add);
    },
    updatePerson: (account, id, changeOf) =>
      transaction(async (session) => {
        const [found] = await session.run([{ statement: lockById, values: [account, id] }]);
        const before = one(found?.rows ?? []);
        if (before === undefined) return undefined;
        const after = { ...changeOf(before), id, account };
        await session.run([updateRow(personToRow(after))]);
        return after;
      }),
    deletePerson: (account, id) =>
      transaction(async (session) => {
        const [deleted] = await session.run([{ statement: statements.delete, values: [account, id] }]);
        if (deleted?.changes !== 1) return false;
        await session.run([
          { statement: statements.deleteSessions, values: [id] },
          { statement: statements.deleteTickets, values: [id] },
          { statement: statements.deletePasskeys, values: [id] },
        ]);
        return true;
      }),
  };
}
