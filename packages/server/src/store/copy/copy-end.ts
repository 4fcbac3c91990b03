/** One of the two stores of a copy, table by table and without knowing what is in the rows. Each engine implements it. */
export type CopyEnd = {
  /** For messages, without secrets. */
  readonly place: string;
  /** Whether a copy may begin here, may continue, or would write over other data. Throws a StoreError if this program cannot use it. */
  targetState(): Promise<'empty' | 'unfinished' | 'used'>;
  /** The number of the schema; 0: there are no tables. */
  schema(): Promise<number>;
  /** Creates the tables of an empty target, and marks it, so that no server uses it before `finish`. */
  prepare(): Promise<void>;
  tables(): Promise<readonly Table[]>;
  /** From now on the source is read as it is at this moment. `alone`: no other program can change it until `endReading`. */
  beginReading(alone: boolean): Promise<void>;
  endReading(): Promise<void>;
  count(table: Table): Promise<number>;
  /** Keys and digests of `most` rows or fewer, in the order of the keys, after one key. */
  digests(table: Table, after: Key | undefined, most: number): Promise<readonly RowDigest[]>;
  /** The rows with these keys, each with its cells in the order of the columns. */
  rows(table: Table, keys: readonly Key[]): Promise<readonly (readonly Cell[])[]>;
  /** Inserts rows, or writes over those with their keys. Throws a TakenError if another row has what only one may have; then nothing is written. */
  write(table: Table, rows: readonly (readonly Cell[])[]): Promise<void>;
  /** Replaces what only one row may have, so that other rows can take it. These rows are written or deleted later. */
  release(table: Table, keys: readonly Key[]): Promise<void>;
  remove(table: Table, keys: readonly Key[]): Promise<void>;
  /** The last number of a row that the table has numbered; the row may be deleted by now. */
  lastNumber(table: Table): Promise<bigint>;
  setLastNumber(table: Table, last: bigint): Promise<void>;
  /** Whether the counts of profiles, which triggers keep, are those of the rows. */
  countsAreRight(): Promise<boolean>;
  /** Everything is on the disk, and servers may use it. */
  finish(): Promise<void>;
  close(): Promise<void>;
};

export type Table = {
  readonly name: string;
  /** By their names. */
  readonly columns: readonly Column[];
  /** The primary key, or all columns. */
  readonly key: readonly string[];
  readonly hasPrimaryKey: boolean;
  /** A text column of each other unique index. */
  readonly unique: readonly string[];
  /** Tables that its foreign keys refer to. */
  readonly parents: readonly string[];
  /** Whether the database numbers its rows. */
  readonly isNumbered: boolean;
};

export type Column = { readonly name: string; readonly kind: 'text' | 'integer' | 'bytes' };

export type Cell = string | bigint | Uint8Array | null;
export type Key = readonly (string | bigint | Uint8Array)[];
export type RowDigest = { readonly key: Key; readonly digest: string };

/** A unique index refuses a row: see `release`. */
export class TakenError extends Error {
  override readonly name = 'TakenError';
}

/** The list of migrations is that of the program, and triggers count the profiles. */
export const NOT_COPIED: readonly string[] = ['migration', 'migration_lock', 'profile_count'];

/** A row as text, to name it in messages. */
export function nameOfRow(table: string, key: Key): string {
  const cells = key.map((cell) => (cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : cell));
  return `${table} ${cells.join(' ')}`;
}

/** SQL of both engines: the number of counts that are not those of the rows. */
export const WRONG_COUNTS = `
  with counted as (
    select account, type, state, sum(number) as number from (
      select account, '' as type, state, count(*) as number from profile group by account, state
      union all
      select account, profile_type, state, count(*) from profile
        where profile_type is not null group by account, profile_type, state
    ) as each_type group by account, type, state
  ), stored as (
    select account, profile_type, state, sum(count) as number from profile_count
      group by account, profile_type, state having sum(count) <> 0
  )
  select (select count(*) from (select * from counted except select * from stored) as missing)
    + (select count(*) from (select * from stored except select * from counted) as wrong) as wrong`;
