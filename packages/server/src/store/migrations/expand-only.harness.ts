import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/**
 * What a migration may do while nodes of the release before still use the tables (docs/adr/0018-postgresql.md). It is a list of what is allowed:
 * anything else waits for the release after.
 */

export type Migration = { up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> };

/** The statements of a migration for PostgreSQL. They run nowhere, so it finds no rows. */
export async function postgresStatementsOf(migration: Migration): Promise<readonly string[]> {
  const statements: string[] = [];
  const kysely = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query }) => void statements.push(query.sql),
  });
  await migration.up(kysely, { bytes: 'bytea', integer: 'bigint', byKey: '' });
  return statements;
}

/** What was created by the same migrations: the release before does not know it. */
type Fresh = {
  readonly tables: Set<string>;
  readonly columns: Set<string>;
  readonly indexes: Set<string>;
};

/** Why these statements, in their order, may not run while the release before works; empty: they may. */
export function forbiddenIn(statements: readonly string[]): readonly string[] {
  const fresh: Fresh = { tables: new Set(), columns: new Set(), indexes: new Set() };
  return statements.flatMap((statement) => {
    const text = statement.replaceAll('"', '').replace(/\s+/g, ' ').trim().toLowerCase();
    const [, why] = rules
      .map(([pattern, judge]) => [pattern.exec(text), judge] as const)
      .map(([match, judge]) => (match === null ? undefined : ([match, judge(match, text, fresh)] as const)))
      .find((judged) => judged !== undefined) ?? [undefined, 'this check does not know such a statement'];
    return why === undefined ? [] : [`${text.slice(0, 100)}: ${why}`];
  });
}

type Judge = (match: RegExpExecArray, text: string, fresh: Fresh) => string | undefined;

const LATER = 'do it in the release after';
const fine: Judge = () => undefined;

/** On a table of the release before: refused. On a new one: anything. */
const onNewTable =
  (why: string): Judge =>
  ([, table = ''], _text, { tables }) =>
    tables.has(table) ? undefined : why;

const createTable: Judge = ([, table = ''], text, { tables }) => {
  tables.add(table);
  const [, referenced = ''] = /references (\w+)/.exec(text) ?? [];
  const isSafe = referenced === '' || tables.has(referenced) || /on delete (cascade|set null)/.test(text);
  return isSafe ? undefined : `its rows keep the release before from deleting rows of ${referenced}`;
};

const addColumn: Judge = ([, table = '', column = '', type = ''], _text, { tables, columns }) => {
  columns.add(`${table}.${column}`);
  if (tables.has(table)) return undefined;
  if (/\b(unique|check|references|primary key|constraint)\b/.test(type))
    return `the release before does not keep such a constraint: ${LATER}`;
  if (/\bnot null\b/.test(type) && !/\bdefault\b/.test(type))
    return 'the release before inserts rows without it: let it be NULL, or give it a default';
  return undefined;
};

/** Values of new columns may be filled in. The release before would not understand other values of its own columns. */
const update: Judge = ([, table = '', rest = ''], _text, { tables, columns }) => {
  if (tables.has(table)) return undefined;
  let flat = rest;
  for (let before = ''; before !== flat; ) {
    before = flat;
    flat = flat.replace(/\([^()]*\)/g, '');
  }
  const [assignments = ''] = flat.split(/ where | from /);
  const own = assignments.split(',').map((each) => each.split('=')[0]?.trim() ?? '');
  const old = own.filter((column) => !columns.has(`${table}.${column}`));
  return old.length === 0 ? undefined : `the release before reads ${old.join(', ')}: ${LATER}`;
};

const createIndex: Judge = ([, index = ''], _text, { indexes }) => {
  indexes.add(index);
  return undefined;
};

const createUniqueIndex: Judge = ([, index = '', table = ''], _text, { tables, indexes }) => {
  indexes.add(index);
  return tables.has(table) ? undefined : `the release before does not keep it unique: ${LATER}`;
};

const drop: Judge = ([, index = ''], _text, { indexes }) =>
  indexes.has(index) ? undefined : `the release before may need it: ${LATER}`;

/** The first that fits judges. */
const rules: readonly (readonly [RegExp, Judge])[] = [
  [/^create table (?:if not exists )?(\w+)/, createTable],
  [/^create unique index (\w+) on (\w+)/, createUniqueIndex],
  [/^create index (\w+)/, createIndex],
  [/^alter table (\w+) add column (?:if not exists )?(\w+) (.*)/, addColumn],
  [/^alter table (\w+) /, onNewTable(`the release before uses the table as it is: ${LATER}`)],
  [/^update (\w+) set (.*)/, update],
  [/^insert into (\w+)/, onNewTable('the release before reads the rows of this table')],
  [/^delete from (\w+)/, onNewTable(`the release before reads the rows of this table: ${LATER}`)],
  // it gives a transaction its number earlier: nobody sees a difference
  [
    /^create trigger \w+ before insert on \w+ for each statement execute function number_transaction\(\)$/,
    fine,
  ],
  [/^create trigger \w+ (?:.* )?on (\w+)/, onNewTable('it changes what the release before does')],
  [/^create (?:or replace )?function /, fine],
  // an index of the same columns and one more was created before it: it serves the same statements
  [/^drop index delivery_due$/, fine],
  [/^drop (?:index (\w+))?/, drop],
  [/^(?:select|with) /, fine],
];
