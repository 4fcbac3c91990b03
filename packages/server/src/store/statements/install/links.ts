import { sql } from 'kysely';
import type { Builder, Queries } from '../queries.ts';

/** The columns of an order id may be NULL, and compare so that NULL is the same as NULL. */
const isOrder = sql<boolean>`coalesce(order_id, '') = coalesce(${''}, '')`;

export function installLinkQueries(kysely: Builder) {
  const links = () => kysely.selectFrom('install_link').selectAll();
  return {
    byHash: () => links().where('hash', '=', ''),
    ofOrder: () =>
      links().where('iccid', '=', '').where(isOrder).orderBy('created_at', 'desc').limit(sql.lit(1)),
    deleteEarlier: () =>
      kysely
        .deleteFrom('install_link')
        .where('iccid', '=', '')
        .where(({ eb, or }) => or([isOrder, eb('expires_at', '<=', 0)])),
    deleteAll: () => kysely.deleteFrom('install_link').where('iccid', '=', ''),
    view: () =>
      kysely
        .updateTable('install_link')
        .set((e) => ({ views: e('views', '+', 1), viewed_at: 0 }))
        .where('hash', '=', ''),
    sentBy: () => kysely.updateTable('install_link').set({ sent_delivery: 0 }).where('hash', '=', ''),
    follow: () =>
      kysely
        .updateTable('install_link')
        .set({ iccid: '', order_id: '', replaced_at: 0 })
        .where('iccid', '=', '')
        .where(isOrder),
    askForHelp: () =>
      kysely
        .updateTable('install_link')
        .set({ help_asked_at: 0 })
        .where('hash', '=', '')
        .where(sql<boolean>`coalesce(help_asked_at, 0) <= ${0}`),
  } satisfies Queries;
}
