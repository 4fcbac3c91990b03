import type { Builder, Queries } from './queries.ts';

export function transactionSecretQueries(kysely: Builder) {
  return {
    all: () => kysely.selectFrom('transaction_secret').selectAll().orderBy('number'),
    delete: () => kysely.deleteFrom('transaction_secret').where('number', '=', 0),
    deleteUpTo: () => kysely.deleteFrom('transaction_secret').where('number', '<=', 0),
  } satisfies Queries;
}
