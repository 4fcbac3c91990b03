import type { SQLInputValue, StatementSync } from 'node:sqlite';

/**
 * All rows of a statement. SQLite's driver throws for all of them when one has a number that JavaScript cannot hold: then
 * such numbers stay bigints.
 */
export function rowsOf(statement: StatementSync, ...values: SQLInputValue[]): unknown[] {
  try {
    return statement.all(...values);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_OUT_OF_RANGE') throw error;
  }
  statement.setReadBigInts(true);
  try {
    return statement.all(...values).map(withNumbers);
  } finally {
    statement.setReadBigInts(false);
  }
}

/** The first row of a statement that finds one at most, in a list: `get` takes less time than `all`, which is called for a row that is not as usual. */
export function firstRowOf(statement: StatementSync, ...values: SQLInputValue[]): unknown[] {
  try {
    const row = statement.get(...values);
    return row === undefined ? [] : [row];
  } catch {
    return rowsOf(statement, ...values);
  }
}

/** The same row, or array of values, with numbers for the bigints that are safe integers. */
function withNumbers(row: object): object {
  const numberOf = (value: unknown) =>
    typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(row)) return row.map(numberOf);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, numberOf(value)]));
}
