import type { SQLInputValue } from 'node:sqlite';
import type { Operator, OperatorStore } from '../ports/operators.ts';
import { type OperatorRow, operatorFromRow, operatorToRow } from '../rows/operators.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Statements } from './statements.ts';

/** Operators in SQLite. */
export function sqliteOperators(statements: Statements, { read, write }: GroupCommit): OperatorStore {
  return {
    operators: () => read(() => (statements.operators.all() as OperatorRow[]).map(operatorFromRow)),
    addOperator: (operator) =>
      write(() => (statements.insertOperator(operatorToRow(operator)) ? 'added' : 'exists')),
    changeOperator: (name, change) => write(() => changed(statements, name, change)),
    removeOperator: (name) =>
      write(() => (Number(statements.removeOperator.run(name).changes) === 1 ? 'removed' : 'unknown')),
  };
}

function changed(
  { operator, updateOperator }: Statements,
  name: string,
  change: (operator: Operator) => Operator,
): Operator | undefined {
  const row = operator.get(name) as OperatorRow | undefined;
  if (row === undefined) return undefined;
  const after = change(operatorFromRow(row));
  const { name: _, ...columns } = operatorToRow(after);
  const values: SQLInputValue[] = Object.values(columns);
  updateOperator.run(...values, name);
  return after;
}
