import type { ContentRow, ProfileRow, SessionRow } from './columns.ts';

type UnionRow = Pick<ProfileRow, 'iccid' | 'state'> | SessionRow | ContentRow;

/** The value of a column that this member of the union cannot be without. */
export function given<R extends UnionRow, C extends keyof R & string>(row: R, column: C): NonNullable<R[C]> {
  const value = row[column];
  if (value === null || value === undefined) throw violated(row, `lacks ${column}`);
  return value;
}

export function violated(row: UnionRow, how: string): Error {
  const what =
    'stage' in row
      ? `the ${row.stage} session ${row.transaction_id}`
      : 'state' in row
        ? `the ${row.state} profile ${row.iccid}`
        : `the content of profile ${row.iccid}`;
  return new Error(`${what} ${how} in the database`);
}
