import type { StatementSync } from 'node:sqlite';
import type { Compilable, Kysely } from 'kysely';
import type { Tables } from '../rows/columns.ts';

export function eventReaders(kysely: Kysely<Tables>, prepare: (query: Compilable) => StatementSync) {
  const events = kysely.selectFrom('event').selectAll().orderBy('id').limit(1);
  const ofAccount = events.where('account', '=', '');
  return {
    allEvents: prepare(events.where('id', '>', 0)),
    eventsOfAccount: prepare(ofAccount.where('id', '>', 0)),
    eventsOfProfile: prepare(ofAccount.where('iccid', '=', '').where('id', '>', 0)),
    lastEvent: prepare(kysely.selectFrom('event').select((e) => e.fn.max('id').as('id'))),
  };
}
