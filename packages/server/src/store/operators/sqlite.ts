import type { GroupCommit } from '../group-commit.ts';
import type { Statements } from '../statements.ts';
import type { OperatorStore } from './port.ts';
import { type OperatorRow, operatorFromRow, operatorToRow } from './rows.ts';

/** Operators in SQLite. */
export function sqliteOperators(statements: Statements, { read, write }: GroupCommit): OperatorStore {
  return {
    operators: () => read(() => (statements.operators.all() as OperatorRow[]).map(operatorFromRow)),
    addOperator: (operator) =>
      write(() => (statements.insertOperator(operatorToRow(operator)) ? 'added' : 'exists')),
    removeOperator: (name) =>
      write(() => (Number(statements.removeOperator.run(name).changes) === 1 ? 'removed' : 'unknown')),
  };
}
