import type { Columns, Row } from '../column-types.ts';

/** What the values of secret columns are sealed with. */
export const dataKeyColumns = {
  id: 'integer',
  /** Sealed with the master key. */
  wrapped: 'bytes',
  /** The id of that master key. */
  master_key: 'text',
  /** Milliseconds: values are sealed with the newest key whose time has come. */
  begins_at: 'integer',
  /** How many values were sealed with it. */
  sealed: 'integer',
  /** Everything that was secret in this version of the classes was sealed, so a value that is not sealed is refused. The wrapped key is bound to that. NULL: not yet. */
  refuses_plain: 'integer?',
} as const satisfies Columns;
export type DataKeyRow = Row<typeof dataKeyColumns>;

/** The version of what is secret. Raise it when a column that has values becomes secret: then those are accepted until all are sealed. */
export const SECRET_CLASSES = 1;

/** Whether values that are not sealed are refused. */
export function refusesPlain(rows: readonly Pick<DataKeyRow, 'refuses_plain'>[]): boolean {
  return rows.some(({ refuses_plain }) => (refuses_plain ?? 0) >= SECRET_CLASSES);
}

/** How far the values of a table that were stored before a data key began are sealed with it. */
export const sealedTableColumns = {
  name: 'text',
  data_key: 'integer',
  /** JSON: the key of the last row that was looked at. NULL: all rows are done. */
  last_row: 'text?',
} as const satisfies Columns;
export type SealedTableRow = Row<typeof sealedTableColumns>;
