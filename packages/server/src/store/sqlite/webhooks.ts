import { sql } from 'kysely';
import type { WebhookChange, WebhookEndpoint, WebhookStore } from '../ports/webhooks.ts';
import { type WebhookRow, webhookColumns, webhookFromRow, webhookToRow } from '../rows/webhooks.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { prepareInsert, prepareUpdate } from './connection/write-row.ts';

export function sqliteWebhooks(connection: Connection): WebhookStore {
  const { read, readable, readableOne, write } = connection;
  const statements = prepareStatements(connection);
  const nameOf = ({ id }: WebhookRow) => `webhook_endpoint ${id}`;
  const find = (id: string) =>
    readableOne(rowsOf(statements.byId, id), webhookFromRow, nameOf, ({ account }) => account);
  const add = (endpoint: WebhookEndpoint, most: number) => {
    const { count } = statements.count.get(endpoint.account) as { count: number };
    if (count >= most) return 'full';
    statements.insert(webhookToRow(endpoint));
    return 'added';
  };
  const update = (id: string, change: WebhookChange) => {
    const before = find(id);
    if (before === undefined) return undefined;
    const after = change(before);
    if (after !== before) statements.update(webhookToRow({ ...after, id }));
    return after;
  };
  return {
    webhooks: (account) =>
      read(() => {
        const rows = account === undefined ? rowsOf(statements.all) : rowsOf(statements.ofAccount, account);
        return readable(rows, webhookFromRow, nameOf);
      }),
    webhook: (id) => read(() => find(id)),
    addWebhook: (endpoint, most) => write(() => add(endpoint, most)),
    updateWebhook: (id, change) => write(() => update(id, change)),
    deleteWebhook: (account, id) =>
      write(() => {
        if (Number(statements.delete.run(account, id).changes) === 0) return 'unknown';
        statements.deleteDeliveries.run(id);
        return 'deleted';
      }),
  };
}

function prepareStatements({ db, kysely, prepare }: Connection) {
  const endpoints = () => kysely.selectFrom('webhook_endpoint').selectAll();
  const byAge = () => endpoints().orderBy('created_at').orderBy('id');
  return prepareLazily({
    all: () => prepare(byAge()),
    ofAccount: () => prepare(byAge().where('account', '=', '')),
    count: () =>
      prepare(
        kysely
          .selectFrom('webhook_endpoint')
          .select(sql<number>`count(*)`.as('count'))
          .where('account', '=', ''),
      ),
    byId: () => prepare(endpoints().where('id', '=', '')),
    insert: () => prepareInsert(db, 'webhook_endpoint', webhookColumns),
    update: () => prepareUpdate(db, 'webhook_endpoint', webhookColumns, ['id']),
    delete: () =>
      prepare(kysely.deleteFrom('webhook_endpoint').where('account', '=', '').where('id', '=', '')),
    deleteDeliveries: () =>
      prepare(kysely.deleteFrom('delivery').where('kind', '=', sql.lit('webhook')).where('target', '=', '')),
  });
}
