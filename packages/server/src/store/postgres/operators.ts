import type { OperatorStore } from '../ports/operators.ts';
import { type OperatorRow, operatorColumns, operatorFromRow, operatorToRow } from '../rows/operators.ts';
import { operatorQueries } from '../statements/operators.ts';
import type { Connection } from './connection/connection.ts';
import { forUpdate, statementsOf } from './connection/statements.ts';
import { insertCall, updateCall } from './connection/write-row.ts';

const statements = statementsOf(operatorQueries);
const lockByName = forUpdate(statements.byName);
const insert = insertCall('operator', operatorColumns, 'name');
const updateRow = updateCall('operator', operatorColumns, ['name']);
const accountOf = ({ account }: OperatorRow) => account;
const nameOf = ({ name }: OperatorRow) => `operator ${name}`;

export function postgresOperators(connection: Connection): OperatorStore {
  const { opened, rows, readable, readableOne, write, transaction, inOrder } = connection;
  const operatorFrom = opened('operator', operatorFromRow);
  const one = (found: readonly unknown[]) => readableOne(found, operatorFrom, nameOf, accountOf);
  return {
    operators: async () => readable(await rows(statements.all), operatorFrom, nameOf),
    operator: async (name) => one(await rows(statements.byName, name)),
    addOperator: async (operator) => {
      const [inserted] = await inOrder([`operator ${operator.name}`], () =>
        write([insert(operatorToRow(operator))]),
      );
      return inserted?.changes === 1 ? 'added' : 'exists';
    },
    updateOperator: (name, changeOf) =>
      transaction(async (session) => {
        const [found] = await session.run([{ statement: lockByName, values: [name] }]);
        const before = one(found?.rows ?? []);
        if (before === undefined) return undefined;
        const after = changeOf(before);
        await session.run([updateRow(operatorToRow({ ...after, name }))]);
        return after;
      }),
    deleteOperator: async (name) => {
      const [deleted] = await write([{ statement: statements.delete, values: [name] }]);
      return (deleted?.rows[0] as Pick<OperatorRow, 'account'> | undefined)?.account;
    },
  };
}
