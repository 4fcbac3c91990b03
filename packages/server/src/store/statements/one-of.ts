/**
 * Whether a column has one of these texts, written as the indexes with this condition have it. For an `in` in an index, SQLite fills a
 * table in memory for each row that it writes.
 */
export function isOneOf(column: string, values: readonly string[]): string {
  return `(${values.map((value) => `${column} = '${value}'`).join(' or ')})`;
}
