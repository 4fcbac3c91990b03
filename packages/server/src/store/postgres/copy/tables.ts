import type pg from 'pg';
import { type Column, NOT_COPIED, type Table } from '../../copy/copy-end.ts';
import { StoreError } from '../../ports/store-error.ts';

const kinds: Readonly<Record<string, Column['kind']>> = { text: 'text', int8: 'integer', bytea: 'bytes' };

type Row = {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly numbered: boolean }[];
  readonly key: readonly string[] | null;
  readonly unique: readonly (readonly string[])[] | null;
  readonly parents: readonly string[] | null;
};

/** Names of the columns with these numbers, in their order. */
const named = (numbers: string) => `(select json_agg(attname order by place)
  from unnest(${numbers}) with ordinality as numbered (number, place)
  join pg_attribute on attrelid = c.oid and attnum = number)`;

const TABLES = `
  select relname as name,
    (select json_agg(json_build_object('name', attname, 'type', typname, 'numbered', attidentity <> ''))
      from pg_attribute join pg_type on pg_type.oid = atttypid
      where attrelid = c.oid and attnum > 0 and not attisdropped) as columns,
    (select ${named('conkey')} from pg_constraint where conrelid = c.oid and contype = 'p') as key,
    (select json_agg(${named('indkey::int2[]')}) from pg_index
      where indrelid = c.oid and indisunique and not indisprimary) as unique,
    (select json_agg(distinct confrelid::regclass::text) from pg_constraint
      where conrelid = c.oid and contype = 'f') as parents
  from pg_class c where relnamespace = current_schema()::regnamespace and relkind = 'r'
  order by relname collate "C"`;

/** The tables that a database has, as they are. */
export async function readTables(client: pg.Client): Promise<readonly Table[]> {
  const { rows } = await client.query<Row>(TABLES);
  return rows.filter(({ name }) => !NOT_COPIED.includes(name)).map(tableOf);
}

function tableOf({ name, columns: all, key, unique, parents }: Row): Table {
  const columns = all
    .map((column) => ({ name: column.name, kind: kindOf(name, column) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const isText = (column: string) => columns.some((one) => one.name === column && one.kind === 'text');
  return {
    name,
    columns,
    key: key ?? columns.map((column) => column.name),
    hasPrimaryKey: key !== null,
    unique: (unique ?? []).map((names) => names.findLast(isText)).filter((one) => one !== undefined),
    parents: parents ?? [],
    isNumbered: all.some(({ numbered }) => numbered),
  };
}

function kindOf(table: string, { name, type }: Row['columns'][number]): Column['kind'] {
  const kind = kinds[type];
  if (kind === undefined) throw new StoreError(`the column ${name} of ${table} has an unknown type: ${type}`);
  return kind;
}
