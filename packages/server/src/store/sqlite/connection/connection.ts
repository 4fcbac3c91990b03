import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Compilable, Kysely } from 'kysely';
import {
  type Readable,
  type ReadableOne,
  type ReportUnreadable,
  readableBy,
  readableOneBy,
} from '../../rows/readable.ts';
import { type Opened, openedBy } from '../../rows/secrets/secret-columns.ts';
import type { Tables } from '../../rows/tables.ts';
import type { Sealing } from '../../sealing/data-keys.ts';
import type { Builder, Queries } from '../../statements/queries.ts';
import { nodeSqliteDialect } from './dialect.ts';
import type { Durability } from './durability.ts';
import { type GroupCommit, groupCommit } from './group-commit.ts';

/** One connection to the database: it prepares statements, and shares transactions among what is asked in one turn. */
export type Connection = GroupCommit & {
  readonly db: DatabaseSync;
  readonly kysely: Kysely<Tables>;
  /** Values are bound in the order of the placeholders: prepare a statement and bind its values in the same file. */
  readonly prepare: (query: Compilable) => StatementSync;
  /** The same for rows as arrays of values: see readByName. */
  readonly prepareArrays: (query: Compilable) => StatementSync;
  /** Prepares the statements of one record, each when it is first used. */
  readonly prepareEach: <Q extends Queries>(
    queriesOf: (kysely: Builder) => Q,
    rows?: 'arrays',
  ) => { readonly [N in keyof Q]: StatementSync };
  readonly sealing: Sealing;
  readonly opened: Opened;
  readonly readable: Readable;
  readonly readableOne: ReadableOne;
};

export function connectTo(
  db: DatabaseSync,
  sealing: Sealing,
  report: ReportUnreadable,
  durability: Durability,
): Connection {
  const prepare = (query: Compilable) => db.prepare(query.compile().sql);
  const prepareArrays = (query: Compilable) => {
    const statement = prepare(query);
    statement.setReturnArrays(true);
    return statement;
  };
  const kysely = new Kysely<Tables>({ dialect: nodeSqliteDialect(db) });
  return {
    db,
    kysely,
    prepare,
    prepareArrays,
    prepareEach: <Q extends Queries>(queriesOf: (kysely: Builder) => Q, rows?: 'arrays') => {
      const prepareOne = rows === 'arrays' ? prepareArrays : prepare;
      const makers = Object.entries(queriesOf(kysely)).map(([name, query]) => [
        name,
        () => prepareOne(query()),
      ]);
      return prepareLazily<{ [N in keyof Q]: StatementSync }>(Object.fromEntries(makers));
    },
    sealing,
    opened: openedBy(sealing),
    readable: readableBy(report),
    readableOne: readableOneBy(report),
    ...groupCommit(db, durability),
  };
}

/** Prepares each statement when it is first used, and once: opening a store for one query costs one statement. */
export function prepareLazily<T extends object>(
  makers: { readonly [N in keyof T]: () => T[N] },
): Readonly<T> {
  const prepared = {} as T;
  for (const name of Object.keys(makers) as (keyof T)[])
    Object.defineProperty(prepared, name, {
      configurable: true,
      get: () => {
        const value = makers[name]();
        Object.defineProperty(prepared, name, { value });
        return value;
      },
    });
  return prepared;
}
