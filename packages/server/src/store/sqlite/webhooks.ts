import type { BegunRequest } from '../ports/idempotency.ts';
import type { WebhookEndpoint, WebhookStore } from '../ports/webhooks.ts';
import { type WebhookRow, webhookColumns, webhookFromRow, webhookToRow } from '../rows/webhooks.ts';
import { inSlices, ROWS_AT_ONCE } from '../statements/in-slices.ts';
import { webhookQueries } from '../statements/webhooks.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { firstRowOf, rowsOf } from './connection/read-rows.ts';
import { prepareInsert, prepareUpdate } from './connection/write-row.ts';
import { mustRecordWork } from './idempotency.ts';
import { deliveryWriter } from './logs/deliveries.ts';

type Update = (
  ...change: Parameters<WebhookStore['updateWebhook']>
) => Awaited<ReturnType<WebhookStore['updateWebhook']>>;

export function sqliteWebhooks(connection: Connection): WebhookStore {
  const { opened, read, readable, readableOne, write } = connection;
  const statements = connection.prepareEach(webhookQueries);
  const writes = prepareLazily({
    insert: () => prepareInsert(connection, 'webhook_endpoint', webhookColumns),
    update: () => prepareUpdate(connection, 'webhook_endpoint', webhookColumns, ['id']),
  });
  const webhookFrom = opened('webhook_endpoint', webhookFromRow);
  const nameOf = ({ id }: WebhookRow) => `webhook_endpoint ${id}`;
  const find = (id: string) =>
    readableOne(firstRowOf(statements.byId, id), webhookFrom, nameOf, ({ account }) => account);
  const recordWork = mustRecordWork(connection);
  const add = (endpoint: WebhookEndpoint, most: number, request?: BegunRequest) => {
    const { count } = statements.count.get(endpoint.account) as { count: number };
    if (count >= most) return 'full';
    writes.insert(webhookToRow(endpoint));
    recordWork(request, { id: endpoint.id });
    return 'added';
  };
  const insertDelivery = deliveryWriter(connection);
  const update: Update = (id, change, alongside, request) => {
    const before = find(id);
    if (before === undefined) return undefined;
    const after = change(before);
    if (after !== before) writes.update(webhookToRow({ ...after, id }));
    for (const delivery of alongside?.(before, after) ?? []) insertDelivery(delivery);
    recordWork(request, { id });
    return after;
  };
  return {
    webhooks: (account) =>
      read(() => {
        const rows = account === undefined ? rowsOf(statements.all) : rowsOf(statements.ofAccount, account);
        return readable(rows, webhookFrom, nameOf);
      }),
    webhook: (id) => read(() => find(id)),
    addWebhook: (...added) => write(() => add(...added)),
    updateWebhook: (...change) => write(() => update(...change)),
    deleteWebhook: async (account, id) => {
      const deleted = await write(() => Number(statements.delete.run(account, id).changes) === 1);
      if (!deleted) return 'unknown';
      await inSlices(() =>
        write(() => Number(statements.deleteDeliveries.run(id, ROWS_AT_ONCE).changes), ROWS_AT_ONCE),
      );
      return 'deleted';
    },
  };
}
