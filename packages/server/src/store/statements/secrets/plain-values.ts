import {
  hashedColumnsOf,
  lookupColumnsOf,
  type Marks,
  type SecretTable,
  secretColumnsOf,
  secretTables,
} from '../../rows/secrets/secret-columns.ts';
import { columnsOf, type Tables } from '../../rows/tables.ts';

/** A statement with a `?` for each value, and the values. */
export type Text = { readonly text: string; readonly values: readonly (string | number | Uint8Array)[] };

/** At most `most` rows of a table that have values which are not sealed, with the account that they belong to as `of_account`. */
export function plainRows(table: SecretTable, marks: Marks, most: number): Text {
  const conditions = conditionsOf(table, marks);
  const key = secretTables[table].join(', ');
  const where = conditions.map(({ text }) => text).join(' or ');
  return {
    text: `${select(table)} where ${where} order by ${key} limit ?`,
    values: [...conditions.flatMap(({ values }) => values), most],
  };
}

/** The row with a key. */
export function rowWithKey(table: SecretTable, key: readonly (string | number)[]): Text {
  const where = secretTables[table].map((name) => `${name} = ?`).join(' and ');
  return { text: `${select(table)} where ${where}`, values: key };
}

function select(table: SecretTable): string {
  const columns = [
    ...secretTables[table],
    ...secretColumnsOf(table),
    ...hashedColumnsOf(table),
    ...lookupColumnsOf(table),
  ];
  return `select ${columns.join(', ')}, ${accountOf(table)} as of_account from ${table}`;
}

/** Secrets of transactions belong to the whole server. */
function accountOf(table: SecretTable): string {
  if ('account' in columnsOf[table]) return 'account';
  if ((secretTables[table] as readonly string[]).includes('iccid'))
    return `(select p.account from profile p where p.iccid = ${table}.iccid)`;
  return 'null';
}

function conditionsOf(table: SecretTable, marks: Marks): readonly Text[] {
  const kinds: Readonly<Record<string, string>> = columnsOf[table as keyof Tables];
  const secret = secretColumnsOf(table).map((name) => {
    const mark = kinds[name]?.startsWith('secret bytes') ? marks.bytes : marks.text;
    return begins(name, mark);
  });
  const hashed = [...hashedColumnsOf(table), ...lookupColumnsOf(table)].map((name) => {
    const { text, values } = begins(name, marks.hash);
    return { text: `(${name} <> '' and ${text})`, values };
  });
  return [...secret, ...hashed];
}

/** A value that does not begin with the mark. */
function begins(name: string, mark: string | Uint8Array): Text {
  return { text: `(${name} is not null and substr(${name}, 1, ${mark.length}) <> ?)`, values: [mark] };
}
