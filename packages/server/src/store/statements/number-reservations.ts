import { sql } from 'kysely';
import type { Builder, Queries } from './queries.ts';

/** Ranges do not overlap: so the first that ends at a number or behind it is the only one that can contain the number, and one search of the index finds it. */
export function numberReservationQueries(kysely: Builder) {
  const ranges = () => kysely.selectFrom('number_reservation').selectAll();
  const beginningUpTo = () =>
    kysely
      .selectFrom(ranges().where('last', '>=', '').orderBy('last').limit(sql.lit(1)).as('nearest'))
      .selectAll()
      .where('first', '<=', '');
  const beginningWithin = () => ranges().where('first', '>', '').where('first', '<=', '');
  return {
    all: () => ranges().orderBy('last'),
    /** One that shares numbers with a range: it ends at the first number or behind it, and begins up to the last. */
    overlapping: () => beginningUpTo(),
    /** All that share numbers with a range: one that contains its first number, and those that begin behind it. */
    ofOthers: () =>
      kysely
        .selectFrom(beginningUpTo().unionAll(beginningWithin()).as('overlapping'))
        .selectAll()
        .where('account', '<>', '')
        .orderBy('last'),
    delete: () => kysely.deleteFrom('number_reservation').where('first', '=', '').where('last', '=', ''),
  } satisfies Queries;
}

/** A row if a number, which it takes twice, is reserved for another account than the third value. */
export const reservedForOther = `select 1 from (select first, account from number_reservation where last >= ? order by last limit 1) as nearest
  where first <= ? and account <> ?`;
