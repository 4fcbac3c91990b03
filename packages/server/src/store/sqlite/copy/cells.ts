import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { type Cell, type Column, type Key, nameOfRow, type Table } from '../../copy/copy-end.ts';
import { StoreError } from '../../ports/store-error.ts';

/** SQLite stores any type in any column. */
export type StoredCell = Cell | number;

const kinds: Readonly<Record<Column['kind'], (cell: StoredCell) => boolean>> = {
  text: (cell) => typeof cell === 'string',
  integer: (cell) => typeof cell === 'bigint',
  bytes: (cell) => cell instanceof Uint8Array,
};

/** What takes the place of octets that are not UTF-8 when a text is read. */
const REPLACEMENT = '\ufffd';

/**
 * A cell of a row, as it is, whether or not the server can read what it says. Throws a StoreError that names the row if other engines cannot store
 * it: another type than that of the column, or a text that is not UTF-8. PostgreSQL cannot store U+0000: as in its store, U+FFFD takes its place, and
 * a key with it is refused.
 */
export function readCell(
  db: DatabaseSync,
  path: string,
  table: Table,
  column: Column,
  row: readonly StoredCell[],
  at: number,
): Cell {
  const cell = row[at] as StoredCell;
  if (cell === null) return null;
  const refuse = (why: string) => {
    const key = table.key.map((name) => row[table.columns.findIndex((one) => one.name === name)]) as Key;
    return new StoreError(
      `the row ${nameOfRow(table.name, key)} in ${path} is damaged: ${column.name} ${why}; correct or delete it, and run the copy again`,
    );
  };
  if (!kinds[column.kind](cell)) throw refuse(`is not ${column.kind}`);
  if (typeof cell !== 'string') return cell as Cell;
  if (cell.includes(REPLACEMENT) && !isStored(db, table, column, row))
    throw refuse('has octets that are not UTF-8');
  if (!cell.includes('\0')) return cell;
  if (table.key.includes(column.name)) throw refuse('has the character U+0000');
  return cell.replaceAll('\0', REPLACEMENT);
}

/** Whether the text is in the database octet by octet. */
function isStored(db: DatabaseSync, table: Table, column: Column, row: readonly StoredCell[]): boolean {
  const where = table.key.map((name) => `"${name}" = ?`).join(' and ');
  const key = table.key.map((name) => row[table.columns.findIndex((one) => one.name === name)]);
  const stored = db
    .prepare(`select cast("${column.name}" as blob) as octets from "${table.name}" where ${where}`)
    .get(...(key as SQLInputValue[]))?.octets as Uint8Array | undefined;
  const text = row[table.columns.indexOf(column)] as string;
  return stored !== undefined && Buffer.from(text).equals(stored);
}
