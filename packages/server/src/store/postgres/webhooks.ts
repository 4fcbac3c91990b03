import type { WebhookStore } from '../ports/webhooks.ts';
import { type WebhookRow, webhookColumns, webhookFromRow, webhookToRow } from '../rows/webhooks.ts';
import { webhookQueries } from '../statements/webhooks.ts';
import { addWithin, countIn } from './connection/add-within.ts';
import type { Connection } from './connection/connection.ts';
import { forUpdate, statementOf, statementsOf } from './connection/statements.ts';
import { insertCall, updateCall } from './connection/write-row.ts';
import { asWorkOf, recordWork } from './idempotency.ts';
import { insertDelivery } from './logs/deliveries.ts';

const statements = statementsOf(webhookQueries);
const lockById = forUpdate(statements.byId);
const insert = insertCall('webhook_endpoint', webhookColumns);
const updateRow = updateCall('webhook_endpoint', webhookColumns, ['id']);
/** Not those of an endpoint that is another account's: it is still there. */
const deleteDeliveries = statementOf(
  `delete from delivery where kind = 'webhook' and account = $1 and target = $2
    and not exists (select 1 from webhook_endpoint where id = $2)`,
);
const nameOf = ({ id }: WebhookRow) => `webhook_endpoint ${id}`;
const accountOf = ({ account }: WebhookRow) => account;

export function postgresWebhooks(connection: Connection): WebhookStore {
  const { opened, rows, readable, readableOne, write, transaction } = connection;
  const webhookFrom = opened('webhook_endpoint', webhookFromRow);
  const one = (found: readonly unknown[]) => readableOne(found, webhookFrom, nameOf, accountOf);
  return {
    webhooks: async (account) => {
      const found = account === undefined ? rows(statements.all) : rows(statements.ofAccount, account);
      return readable(await found, webhookFrom, nameOf);
    },
    webhook: async (id) => one(await rows(statements.byId, id)),
    addWebhook: (endpoint, most, request) => {
      const count = { statement: statements.count, values: [endpoint.account] };
      const calls = [insert(webhookToRow(endpoint)), ...recordWork(request, { id: endpoint.id })];
      const add = () =>
        addWithin(connection, endpoint.account, [count], async (session, [all]) => {
          if (countIn(all) >= most) return 'full';
          await session.run(calls);
          return 'added';
        });
      return asWorkOf(request, add);
    },
    updateWebhook: (id, changeOf, alongside, request) => {
      const update = () =>
        transaction(async (session) => {
          const [found] = await session.run([{ statement: lockById, values: [id] }]);
          const before = one(found?.rows ?? []);
          if (before === undefined) return undefined;
          const after = changeOf(before);
          const changed = after === before ? [] : [updateRow(webhookToRow({ ...after, id }))];
          const caused = (alongside?.(before, after) ?? []).map(insertDelivery);
          const calls = [...changed, ...caused, ...recordWork(request, { id })];
          if (calls.length > 0) await session.run(calls);
          return after;
        });
      return asWorkOf(request, update);
    },
    deleteWebhook: async (account, id) => {
      const [deleted] = await write([
        { statement: statements.delete, values: [account, id] },
        { statement: deleteDeliveries, values: [account, id] },
      ]);
      return deleted?.changes === 1 ? 'deleted' : 'unknown';
    },
  };
}
