import { sql } from 'kysely';
import type { Builder, Queries } from '../queries.ts';

export function coreNetworkQueries(kysely: Builder) {
  const cores = () => kysely.selectFrom('core_network').selectAll().orderBy('account').orderBy('name');
  const ofAccount = () => kysely.selectFrom('core_network').where('account', '=', '');
  return {
    all: () => cores(),
    ofAccount: () => cores().where('account', '=', ''),
    byName: () => ofAccount().selectAll().where('name', '=', ''),
    count: () => ofAccount().select(sql<number>`count(*)`.as('count')),
    delete: () => kysely.deleteFrom('core_network').where('account', '=', '').where('name', '=', ''),
    deleteDeliveries: () =>
      kysely
        .deleteFrom('delivery')
        .where('id', 'in', (e) =>
          e
            .selectFrom('delivery')
            .select('id')
            .where('kind', '=', sql.lit('core'))
            .where('target', '=', '')
            .limit(1),
        ),
    subscribers: () =>
      kysely
        .selectFrom('core_subscriber')
        .selectAll()
        .where('account', '=', '')
        .where('core_network', '=', '')
        .where('iccid', '=', '')
        .orderBy('imsi'),
    deleteSubscriber: () =>
      kysely
        .deleteFrom('core_subscriber')
        .where('account', '=', '')
        .where('core_network', '=', '')
        .where('imsi', '=', '')
        .where('iccid', '=', ''),
  } satisfies Queries;
}

/** Bound: IMSI, ICCID, time, account, name. `?` in SQLite; PostgreSQL numbers them. */
export const putCoreSubscriber = `insert into core_subscriber (account, core_network, imsi, iccid, sent_at)
  select account, name, cast(? as text), cast(? as text), cast(? as bigint) from core_network where account = ? and name = ?
  on conflict (account, core_network, imsi) do update set iccid = excluded.iccid, sent_at = excluded.sent_at`;
