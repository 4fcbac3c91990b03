import type { DatabaseSync } from 'node:sqlite';
import { type Column, NOT_COPIED, type Table } from '../../copy/copy-end.ts';
import { StoreError } from '../../ports/store-error.ts';

const kinds: Readonly<Record<string, Column['kind']>> = { text: 'text', integer: 'integer', blob: 'bytes' };

type TableInfo = { readonly name: string; readonly type: string; readonly pk: number };
type IndexInfo = { readonly name: string; readonly unique: number; readonly origin: string };

/** The tables that a database has, as they are. */
export function readTables(db: DatabaseSync): readonly Table[] {
  const names = db
    .prepare(
      "select name, sql from sqlite_schema where type = 'table' and name not like 'sqlite^_%' escape '^' order by name",
    )
    .all() as { name: string; sql: string }[];
  return names
    .filter(({ name }) => !NOT_COPIED.includes(name))
    .map(({ name, sql }) => readTable(db, name, sql));
}

function readTable(db: DatabaseSync, name: string, sql: string): Table {
  const all = db.prepare('select name, type, pk from pragma_table_info(?)').all(name) as TableInfo[];
  const columns = all.map((one) => ({ name: one.name, kind: kindOf(name, one) })).toSorted(byName);
  const key = all.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk);
  const parents = db.prepare('select "table" as name from pragma_foreign_key_list(?)').all(name);
  return {
    name,
    columns,
    key: (key.length > 0 ? key : columns).map((one) => one.name),
    hasPrimaryKey: key.length > 0,
    unique: uniqueColumns(db, name, columns),
    parents: [...new Set(parents.map((one) => String(one.name)))],
    isNumbered: /\bautoincrement\b/i.test(sql),
  };
}

const byName = (a: Column, b: Column) => (a.name < b.name ? -1 : 1);

function kindOf(table: string, { name, type }: TableInfo): Column['kind'] {
  const kind = kinds[type.toLowerCase()];
  if (kind === undefined) throw new StoreError(`the column ${name} of ${table} has an unknown type: ${type}`);
  return kind;
}

function uniqueColumns(db: DatabaseSync, table: string, columns: readonly Column[]): string[] {
  const indexes = db
    .prepare('select name, "unique", origin from pragma_index_list(?)')
    .all(table) as IndexInfo[];
  return indexes
    .filter(({ unique, origin }) => unique === 1 && origin !== 'pk')
    .map((index) => {
      const names = db.prepare('select name from pragma_index_info(?) order by seqno').all(index.name);
      return lastText(
        names.map(({ name }) => String(name)),
        columns,
      );
    })
    .filter((name) => name !== undefined);
}

function lastText(names: readonly string[], columns: readonly Column[]): string | undefined {
  return names.findLast((name) => columns.some((column) => column.name === name && column.kind === 'text'));
}
