import type { Column, Table } from '../../copy/copy-end.ts';

/** The statements of a copy for one table. A parameter for many keys or rows is an array for each column. */

const types: Readonly<Record<Column['kind'], string>> = { text: 'text', integer: 'bigint', bytes: 'bytea' };

export const quoted = (name: string): string => `"${name}"`;
export const listOf = (names: readonly string[]): string => names.map(quoted).join(', ');
export const namesOf = ({ columns }: Table): string[] => columns.map(({ name }) => name);

export function keyColumns({ columns, key }: Table): Column[] {
  return key.map((name) => columns.find((column) => column.name === name) as Column);
}

/** Arrays of parameters as rows. */
function unnest(columns: readonly Column[], as: string): string {
  const arrays = columns.map(({ kind }, i) => `$${i + 1}::${types[kind]}[]`).join(', ');
  return `unnest(${arrays}) as ${as} (${listOf(columns.map(({ name }) => name))})`;
}

function sameKey(table: Table): string {
  return table.key
    .map((name) => `${quoted(table.name)}.${quoted(name)} = wanted.${quoted(name)}`)
    .join(' and ');
}

/** The digest of a row: see `store/copy/canonical-row.ts`. */
function digest({ columns }: Table): string {
  const cells = columns.map(({ name, kind }) => {
    const column = quoted(name);
    const cell = {
      text: `'t' || octet_length(${column}) || ':' || ${column}`,
      integer: `'i' || ${column}`,
      bytes: `'b' || encode(sha256(${column}), 'hex')`,
    }[kind];
    return `coalesce(${cell}, '~')`;
  });
  return `encode(sha256(convert_to(${cells.join(' || ')}, 'UTF8')), 'hex')`;
}

export function digestsStatement(table: Table, isFirst: boolean, most: number): string {
  const marks = table.key.map((_, i) => `$${i + 1}`).join(', ');
  const from = isFirst ? '' : `where (${listOf(table.key)}) > (${marks})`;
  return `select ${listOf(table.key)}, ${digest(table)} from ${quoted(table.name)} ${from}
    order by ${listOf(table.key)} limit ${most}`;
}

export function rowsStatement(table: Table): string {
  const columns = namesOf(table).map((name) => `${quoted(table.name)}.${quoted(name)}`);
  return `select ${columns.join(', ')} from ${quoted(table.name)}
    join ${unnest(keyColumns(table), 'wanted')} on ${sameKey(table)}`;
}

export function writeStatement(table: Table): string {
  const insert = `insert into ${quoted(table.name)} (${listOf(namesOf(table))}) overriding system value
    select * from ${unnest(table.columns, 'written')}`;
  if (!table.hasPrimaryKey) return insert;
  const others = namesOf(table).filter((name) => !table.key.includes(name));
  if (others.length === 0) return `${insert} on conflict do nothing`;
  const set = others.map((name) => `${quoted(name)} = excluded.${quoted(name)}`).join(', ');
  return `${insert} on conflict (${listOf(table.key)}) do update set ${set}`;
}

/** What a row has while it waits for its new content: nothing that another row can have. NULL stays. */
export function releaseStatement(table: Table): string {
  const key = table.key.map((name) => `wanted.${quoted(name)}`).join(` || ' ' || `);
  const set = table.unique.map((name) => {
    const column = `${quoted(table.name)}.${quoted(name)}`;
    return `${quoted(name)} = case when ${column} is null then null else 'copy in progress ' || ${key} end`;
  });
  return `update ${quoted(table.name)} set ${set.join(', ')}
    from ${unnest(keyColumns(table), 'wanted')} where ${sameKey(table)}`;
}

export function removeStatement(table: Table): string {
  return `delete from ${quoted(table.name)} using ${unnest(keyColumns(table), 'wanted')} where ${sameKey(table)}`;
}

/** Rows as an array for each column. */
export function turned(rows: readonly (readonly unknown[])[], width: number): unknown[][] {
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column]));
}
