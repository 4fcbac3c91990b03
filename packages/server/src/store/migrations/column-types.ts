/** The names of the column types that differ between the databases. */
export type ColumnTypes = {
  readonly bytes: 'blob' | 'bytea';
  /** Holds whole numbers up to 2^53. */
  readonly integer: 'integer' | 'bigint';
  /** Ends the definition of a table that is stored in the index of its key, where the database can do that: one page less to read. */
  readonly byKey: '' | 'without rowid';
};
