import type { Builder, Queries } from './queries.ts';

/** Ranges do not overlap, so they end in the order in which they begin: the index on their ends leads to the first that matters. */
export function numberReservationQueries(kysely: Builder) {
  const all = () => kysely.selectFrom('number_reservation').selectAll().orderBy('last');
  const overlapping = () => all().where('last', '>=', '').where('first', '<=', '');
  return {
    all: () => all(),
    overlapping: () => overlapping(),
    ofOthers: () => overlapping().where('account', '<>', ''),
    delete: () => kysely.deleteFrom('number_reservation').where('first', '=', '').where('last', '=', ''),
  } satisfies Queries;
}
