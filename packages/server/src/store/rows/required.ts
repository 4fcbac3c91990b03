/** What names a row in an error. */
type NamedRow =
  | { readonly transaction_id: string; readonly stage: string }
  | { readonly iccid: string; readonly state: string }
  | { readonly iccid: string };

/** The value of a column that must not be NULL in this row. */
export function required<R extends NamedRow, C extends keyof R & string>(
  row: R,
  column: C,
): NonNullable<R[C]> {
  const value = row[column];
  if (value === null || value === undefined) throw invalidRow(row, `lacks ${column}`);
  return value;
}

export function invalidRow(row: NamedRow, how: string): Error {
  return new Error(`${nameOf(row)} ${how} in the database`);
}

function nameOf(row: NamedRow): string {
  if ('stage' in row) return `the ${row.stage} session ${row.transaction_id}`;
  if ('state' in row) return `the ${row.state} profile ${row.iccid}`;
  return `the content of profile ${row.iccid}`;
}
