import type { Builder, Queries } from './queries.ts';

export function idempotencyQueries(kysely: Builder) {
  const byKey = () => kysely.deleteFrom('idempotency').where('account', '=', '').where('key', '=', '');
  return {
    byKey: () => kysely.selectFrom('idempotency').selectAll().where('account', '=', '').where('key', '=', ''),
    deleteAbandoned: () => byKey().where('begun_at', '<', 0).where('status', 'is', null),
    deleteByKey: () => byKey(),
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
    saveAnswer: () =>
      kysely
        .updateTable('idempotency')
        .set({ status: 0, sealed: new Uint8Array() })
        .where('account', '=', '')
        .where('key', '=', ''),
  } satisfies Queries;
}
