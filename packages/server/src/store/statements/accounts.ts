import type { Builder, Queries } from './queries.ts';

export function accountQueries(kysely: Builder) {
  return {
    all: () => kysely.selectFrom('account').selectAll().orderBy('created_at').orderBy('id'),
  } satisfies Queries;
}
