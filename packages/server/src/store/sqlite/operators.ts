import type { Operator, OperatorStore } from '../ports/operators.ts';
import { type OperatorRow, operatorColumns, operatorFromRow, operatorToRow } from '../rows/operators.ts';
import { operatorQueries } from '../statements/operators.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { firstRowOf, rowsOf } from './connection/read-rows.ts';
import { prepareInsert, prepareUpdate } from './connection/write-row.ts';

export function sqliteOperators(connection: Connection): OperatorStore {
  const { opened, read, readable, readableOne, write } = connection;
  const statements = connection.prepareEach(operatorQueries);
  const writes = prepareLazily({
    insert: () => prepareInsert(connection, 'operator', operatorColumns, 'name'),
    update: () => prepareUpdate(connection, 'operator', operatorColumns, ['name']),
  });
  const operatorFrom = opened('operator', operatorFromRow);
  const nameOf = ({ name }: OperatorRow) => `operator ${name}`;
  const find = (name: string) =>
    readableOne(firstRowOf(statements.byName, name), operatorFrom, nameOf, ({ account }) => account);
  const update = (name: string, change: (operator: Operator) => Operator) => {
    const before = find(name);
    if (before === undefined) return undefined;
    const after = change(before);
    writes.update(operatorToRow({ ...after, name }));
    return after;
  };
  return {
    operators: () => read(() => readable(rowsOf(statements.all), operatorFrom, nameOf)),
    operator: (name) => read(() => find(name)),
    addOperator: (operator) => write(() => (writes.insert(operatorToRow(operator)) ? 'added' : 'exists')),
    updateOperator: (name, change) => write(() => update(name, change)),
    deleteOperator: (name) =>
      write(() => (statements.delete.get(name) as Pick<OperatorRow, 'account'> | undefined)?.account),
  };
}
