import { closeSync, existsSync, fsyncSync, openSync, statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { rowDigest } from '../../copy/canonical-row.ts';
import { type CopyEnd, type Key, type Table, TakenError, WRONG_COUNTS } from '../../copy/copy-end.ts';
import { UNFINISHED_COPY } from '../../migrations/unfinished-copy.ts';
import { StoreError } from '../../ports/store-error.ts';
import { explainFailure, openFile } from '../connection/file.ts';
import { createTables } from '../store.ts';
import { readCell, type StoredCell } from './cells.ts';
import { readTables } from './tables.ts';

/** SQLITE_CONSTRAINT_UNIQUE. */
const UNIQUE_VIOLATION = 2067;
/** The time to wait for a server that writes. */
const BUSY_MILLISECONDS = 5000;

/** A SQLite file as one end of a copy. A source must exist; nothing is written into it. */
export async function sqliteEnd(path: string, is: 'source' | 'target'): Promise<CopyEnd> {
  if (is === 'source' && !(existsSync(path) && statSync(path).size > 0))
    throw new StoreError(`there is no database ${path}: name the data folder of a server`);
  const db = is === 'source' ? openSource(path) : await openFile(path);
  db.exec('pragma foreign_keys = off'); // rows arrive and leave in any order; the comparison shows whether all are there
  return {
    ...stateOf(db, path),
    ...readerOf(db, path),
    ...writerOf(db, path),
    close: async () => db.close(),
  };
}

function openSource(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: BUSY_MILLISECONDS });
  } catch (error) {
    throw explainFailure(path, error);
  }
}

type State = Pick<CopyEnd, 'place' | 'schema' | 'targetState' | 'prepare' | 'finish'>;

function stateOf(db: DatabaseSync, path: string): State {
  const schema = () => {
    if (db.prepare("select 1 from sqlite_schema where name = 'migration'").get() === undefined) return 0;
    return Number(db.prepare('select coalesce(max(number), 0) as number from migration').get()?.number);
  };
  const has = (table: string) => db.prepare(`select 1 from ${table} limit 1`).get() !== undefined;
  return {
    place: path,
    schema: async () => schema(),
    targetState: async () => {
      if (schema() === UNFINISHED_COPY) return 'unfinished';
      const { last } = (schema() >= OUTBOX &&
        db.prepare('select max(last_event) as last from outbox').get()) || {
        last: 0,
      };
      const others = readTables(db).filter(({ name }) => name !== 'outbox');
      return last !== 0 || others.some(({ name }) => has(name)) ? 'used' : 'empty';
    },
    prepare: async () => {
      await createTables(db);
      db.prepare('insert into migration (number) values (?)').run(UNFINISHED_COPY);
    },
    finish: async () => {
      db.prepare('delete from migration where number = ?').run(UNFINISHED_COPY);
      db.exec('pragma wal_checkpoint(truncate)');
      syncFile(path);
    },
  };
}

/** The schema from which on there is the table outbox. */
const OUTBOX = 9;

function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
}

type Reader = Pick<
  CopyEnd,
  'tables' | 'beginReading' | 'endReading' | 'count' | 'digests' | 'rows' | 'lastNumber' | 'countsAreRight'
>;

function readerOf(db: DatabaseSync, path: string): Reader {
  const select = (table: Table, rest: string) => {
    const statement = db.prepare(`select ${listOf(namesOf(table))} from ${quoted(table.name)} ${rest}`);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return statement;
  };
  const cellsOf = (table: Table, row: unknown) =>
    table.columns.map((column, i) => readCell(db, path, table, column, row as StoredCell[], i));
  return {
    tables: async () => readTables(db),
    beginReading: async (alone) => {
      db.exec(alone ? 'begin immediate' : 'begin');
      db.prepare('select count(*) from sqlite_schema').get(); // the snapshot begins with the first read
    },
    endReading: async () => db.exec('commit'),
    count: async ({ name }) => Number(db.prepare(`select count(*) as n from ${quoted(name)}`).get()?.n),
    digests: async (table, after, most) => {
      const from = after === undefined ? '' : `where (${listOf(table.key)}) > (${marks(table.key.length)})`;
      const found = select(table, `${from} order by ${listOf(table.key)} limit ${most}`).all(
        ...((after ?? []) as SQLInputValue[]),
      );
      const at = table.key.map((name) => table.columns.findIndex((column) => column.name === name));
      return found.map((row) => {
        const cells = cellsOf(table, row);
        return { key: at.map((i) => cells[i]) as unknown as Key, digest: rowDigest(cells) };
      });
    },
    rows: async (table, keys) => {
      const statement = select(table, `where (${listOf(table.key)}) = (${marks(table.key.length)})`);
      return keys.flatMap((key) => statement.all(...key).map((row) => cellsOf(table, row)));
    },
    lastNumber: async ({ name }) => {
      const statement = db.prepare('select seq from sqlite_sequence where name = ?');
      statement.setReadBigInts(true);
      return (statement.get(name)?.seq ?? 0n) as bigint;
    },
    countsAreRight: async () => Number(db.prepare(WRONG_COUNTS).get()?.wrong) === 0,
  };
}

type Writer = Pick<CopyEnd, 'write' | 'release' | 'remove' | 'setLastNumber'>;

function writerOf(db: DatabaseSync, path: string): Writer {
  const runEach = async (text: string, all: readonly (readonly unknown[])[]) => {
    const statement = db.prepare(text);
    db.exec('begin immediate');
    try {
      for (const values of all) statement.run(...(values as SQLInputValue[]));
      db.exec('commit');
    } catch (error) {
      db.exec('rollback');
      const { errcode } = error as { errcode?: number };
      throw errcode === UNIQUE_VIOLATION
        ? new TakenError(path, { cause: error })
        : explainFailure(path, error);
    }
  };
  const where = ({ key }: Table) => `where (${listOf(key)}) = (${marks(key.length)})`;
  return {
    write: (table, rows) => {
      const insert = `insert into ${quoted(table.name)} (${listOf(namesOf(table))}) values (${marks(table.columns.length)})`;
      return runEach(`${insert} ${onConflict(table)}`, rows);
    },
    release: (table, keys) => {
      const set = table.unique.map((name) => `${quoted(name)} = ${releasedName(table, name)}`).join(', ');
      return runEach(`update ${quoted(table.name)} set ${set} ${where(table)}`, keys);
    },
    remove: (table, keys) => runEach(`delete from ${quoted(table.name)} ${where(table)}`, keys),
    setLastNumber: async ({ name }, last) => {
      db.prepare('delete from sqlite_sequence where name = ?').run(name);
      db.prepare('insert into sqlite_sequence (name, seq) values (?, ?)').run(name, last);
    },
  };
}

/** What a row has while it waits for its new content: nothing that another row can have. NULL stays. */
function releasedName({ key }: Table, column: string): string {
  const text = key.map(quoted).join(" || ' ' || ");
  return `case when ${quoted(column)} is null then null else 'copy in progress ' || ${text} end`;
}

function onConflict(table: Table): string {
  if (!table.hasPrimaryKey) return '';
  const others = namesOf(table).filter((name) => !table.key.includes(name));
  if (others.length === 0) return 'on conflict do nothing';
  const set = others.map((name) => `${quoted(name)} = excluded.${quoted(name)}`).join(', ');
  return `on conflict (${listOf(table.key)}) do update set ${set}`;
}

const namesOf = ({ columns }: Table) => columns.map(({ name }) => name);
const quoted = (name: string) => `"${name}"`;
const listOf = (names: readonly string[]) => names.map(quoted).join(', ');
const marks = (count: number) => Array(count).fill('?').join(', ');
