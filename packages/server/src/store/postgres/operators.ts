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
const nameOf = ({ name }: OperatorRow) => `operator ${name}`;

export function postgresOperators(connection: Connection): OperatorStore {
  const { rows, readable, write, change, transaction, inOrder } = connection;
  return {
    operators: async () => readable(await rows(statements.all), operatorFromRow, nameOf),
    addOperator: async (operator) => {
      const [inserted] = await inOrder([`operator ${operator.name}`], () =>
        write([insert(operatorToRow(operator))]),
      );
      return inserted?.changes === 1 ? 'added' : 'exists';
    },
    updateOperator: (name, changeOf) =>
      transaction(async (session) => {
        const [found] = await session.run([{ statement: lockByName, values: [name] }]);
        const [row] = (found?.rows ?? []) as OperatorRow[];
        if (row === undefined) return undefined;
        const after = changeOf(operatorFromRow(row));
        await session.run([updateRow(operatorToRow({ ...after, name }))]);
        return after;
      }),
    deleteOperator: async (name) => ((await change(statements.delete, name)) === 1 ? 'deleted' : 'unknown'),
  };
}
