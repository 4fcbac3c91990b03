import type { StatementSync } from 'node:sqlite';
import type { Compilable, Kysely } from 'kysely';
import type { Tables } from '../rows/columns.ts';
import { operatorColumns } from '../rows/operators.ts';

export function operatorStatements(kysely: Kysely<Tables>, prepare: (query: Compilable) => StatementSync) {
  const operators = kysely.selectFrom('operator').selectAll();
  const { name: _, ...changing } = operatorColumns;
  const blank = Object.fromEntries(Object.keys(changing).map((column) => [column, '']));
  return {
    operators: prepare(operators.orderBy('name')),
    operator: prepare(operators.where('name', '=', '')),
    updateOperator: prepare(kysely.updateTable('operator').set(blank).where('name', '=', '')),
    removeOperator: prepare(kysely.deleteFrom('operator').where('name', '=', '')),
  };
}
