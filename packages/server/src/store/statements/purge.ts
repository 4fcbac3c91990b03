import { sql } from 'kysely';
import type { Builder, Queries } from './queries.ts';

const none = sql.lit(null);

/** Deletes what belongs to a profile. */
export function purgeQueries(kysely: Builder) {
  const sessions = () => kysely.selectFrom('session').where('asked_iccid', '=', '');
  return {
    profile: () =>
      kysely.deleteFrom('profile').where('iccid', '=', '').where('account', '=', '').where('version', '=', 0),
    refusedCalls: () =>
      kysely.deleteFrom('refused_call').where('transaction_id', 'in', sessions().select('transaction_id')),
    claims: () => kysely.deleteFrom('refused_call').where('claimed_iccid', '=', ''),
    sessions: () => kysely.deleteFrom('session').where('asked_iccid', '=', ''),
    /** A kept answer is emptied and not deleted: its request must not run again. */
    answers: () =>
      kysely
        .updateTable('idempotency')
        .set({ sealed: sql<Uint8Array>`substr(sealed, 1, 0)` })
        .where(({ eb, refTuple, selectFrom }) =>
          eb(
            refTuple('account', 'key'),
            'in',
            selectFrom('idempotency_target')
              .select(['account', 'key'])
              .where('account', '=', '')
              .where('iccid', '=', '')
              .$asTuple('account', 'key'),
          ),
        ),
    answerTargets: () =>
      kysely.deleteFrom('idempotency_target').where('account', '=', '').where('iccid', '=', ''),
    /** Who chains events must read those again that are not chained yet: what was read before is not so any more. */
    readAgain: () =>
      kysely
        .updateTable('chain_position')
        .set((e) => ({ erasures: e('erasures', '+', sql.lit(1)) }))
        .where('log', '=', sql.lit('event'))
        .where(
          'last_entry',
          '<',
          kysely
            .selectFrom('event')
            .select((e) => sql<number>`coalesce(${e.fn.max('id')}, 0)`.as('last'))
            .where('account', '=', '')
            .where('iccid', '=', ''),
        ),
    eventIds: () =>
      kysely.selectFrom('event').select('id').where('account', '=', '').where('iccid', '=', '').orderBy('id'),
    /** The links stay, without what finds out their content. */
    salts: () =>
      kysely
        .updateTable('chain_link')
        .set({ salt: none })
        .where(
          'chain',
          '=',
          kysely
            .selectFrom('chain')
            .select('number')
            .where('account', '=', '')
            .where('log', '=', sql.lit('event')),
        )
        .where(
          'entry',
          'in',
          kysely.selectFrom('event').select('id').where('account', '=', '').where('iccid', '=', ''),
        ),
    anonymous: () =>
      kysely
        .updateTable('event')
        .set({ eid: none, transaction_id: none, message: none, result_data: none, traceparent: none })
        .where('account', '=', '')
        .where('iccid', '=', ''),
    deliveryErrors: () =>
      kysely
        .updateTable('delivery')
        .set({ last_error: none })
        .where('account', '=', '')
        .where('iccid', '=', ''),
    /** Their addresses are those of people. */
    mails: () =>
      kysely
        .deleteFrom('delivery')
        .where('account', '=', '')
        .where('iccid', '=', '')
        .where('kind', '=', sql.lit('mail')),
    operations: () => kysely.deleteFrom('operation').where('account', '=', '').where('iccid', '=', ''),
    events: () => kysely.deleteFrom('event').where('account', '=', '').where('iccid', '=', ''),
    deliveries: () => kysely.deleteFrom('delivery').where('account', '=', '').where('iccid', '=', ''),
  } satisfies Queries;
}
