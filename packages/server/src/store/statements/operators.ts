import type { Builder, Queries } from './queries.ts';

export function operatorQueries(kysely: Builder) {
  const operators = () => kysely.selectFrom('operator').selectAll();
  return {
    all: () => operators().orderBy('name'),
    byName: () => operators().where('name', '=', ''),
    delete: () => kysely.deleteFrom('operator').where('name', '=', '').returning('account'),
  } satisfies Queries;
}
