import { createHash } from 'node:crypto';
import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { Tables } from '../../rows/tables.ts';
import type { Queries } from '../../statements/queries.ts';
import type { RowStatement } from '../../statements/write-row.ts';
import type { Statement } from './batch.ts';

/** Builds statements for PostgreSQL; it has no connection. */
export const builder = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

export function statement(query: Compilable, rows?: 'arrays'): Statement {
  return statementOf(query.compile().sql, rows);
}

/** The name follows from the text, so that it is the same on every node. */
export function statementOf(text: string, rows?: 'arrays'): Statement {
  const digest = createHash('sha256').update(text).digest('base64url');
  return { text, name: `esim_${digest.slice(0, 20)}`, arrays: rows === 'arrays' };
}

/** A statement with a `?` for each value. */
export function rowStatement({ text }: RowStatement): Statement {
  let place = 0;
  return statementOf(text.replaceAll('?', () => `$${++place}`));
}

/** The statements of one record, each built when it is first used. */
export function statementsOf<Q extends Queries>(
  queriesOf: (kysely: typeof builder) => Q,
  rows?: 'arrays',
): { readonly [N in keyof Q]: Statement } {
  const built = {} as { [N in keyof Q]: Statement };
  for (const [name, query] of Object.entries(queriesOf(builder)))
    Object.defineProperty(built, name, {
      configurable: true,
      get: () => {
        const value = statement(query(), rows);
        Object.defineProperty(built, name, { value });
        return value;
      },
    });
  return built;
}

/** The same rows; no other transaction can change them until the transaction has ended. */
export function forUpdate({ text }: Statement): Statement {
  return statementOf(`${text} for update`);
}
