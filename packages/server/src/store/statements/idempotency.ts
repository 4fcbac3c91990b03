import { sql } from 'kysely';
import type { Builder, Queries } from './queries.ts';

export function idempotencyQueries(kysely: Builder) {
  const byKey = () => kysely.deleteFrom('idempotency').where('account', '=', '').where('key', '=', '');
  const update = () =>
    kysely
      .updateTable('idempotency')
      .where('account', '=', '')
      .where('key', '=', '')
      .where('begun_at', '=', 0);
  return {
    byKey: () => kysely.selectFrom('idempotency').selectAll().where('account', '=', '').where('key', '=', ''),
    /** The key is bound twice: for one value SQLite would take the index that begins with the ICCID, and read all of the account. */
    targets: () =>
      kysely
        .selectFrom('idempotency_target')
        .select('iccid')
        .where('account', '=', '')
        .where('key', '>=', '')
        .where('key', '<=', ''),
    deleteAbandoned: () =>
      byKey().where('begun_at', '<', 0).where('status', 'is', null).where('done', 'is', null),
    deleteRefused: () => byKey().where('begun_at', '=', 0).where('done', 'is', null),
    deleteUndone: () => byKey().where('begun_at', '=', 0),
    deleteBegunBefore: () =>
      kysely
        .deleteFrom('idempotency')
        .where(({ eb, refTuple, selectFrom }) =>
          eb(
            refTuple('account', 'key'),
            'in',
            selectFrom('idempotency')
              .select(['account', 'key'])
              .where('begun_at', '<', 0)
              .orderBy('begun_at')
              .limit(1)
              .$asTuple('account', 'key'),
          ),
        ),
    /** Of several writes, the first says what the work was. */
    recordWork: () =>
      update().set({
        done: sql<string>`coalesce(done, ${''})`,
        done_id: sql<string>`coalesce(done_id, ${''})`,
      }),
    saveAnswer: () => update().set({ status: 0, sealed: new Uint8Array() }),
    /** Adds a profile to a request, if the request is still there and this one. */
    addTarget: () =>
      kysely
        .insertInto('idempotency_target')
        .columns(['account', 'iccid', 'key'])
        .expression(
          kysely
            .selectFrom('idempotency')
            .select(['account', sql<string>`cast(${''} as text)`.as('iccid'), 'key'])
            .where('account', '=', '')
            .where('key', '=', '')
            .where('begun_at', '=', 0),
        )
        .onConflict((conflict) => conflict.doNothing()),
  } satisfies Queries;
}
