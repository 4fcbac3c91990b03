import type { WebhookStore } from '../ports/webhooks.ts';
import { type WebhookRow, webhookColumns, webhookFromRow, webhookToRow } from '../rows/webhooks.ts';
import { webhookQueries } from '../statements/webhooks.ts';
import { addWithin, countIn } from './connection/add-within.ts';
import type { Connection } from './connection/connection.ts';
import { forUpdate, statementsOf } from './connection/statements.ts';
import { insertCall, updateCall } from './connection/write-row.ts';

const statements = statementsOf(webhookQueries);
const lockById = forUpdate(statements.byId);
const insert = insertCall('webhook_endpoint', webhookColumns);
const updateRow = updateCall('webhook_endpoint', webhookColumns, ['id']);
const nameOf = ({ id }: WebhookRow) => `webhook_endpoint ${id}`;
const accountOf = ({ account }: WebhookRow) => account;

export function postgresWebhooks(connection: Connection): WebhookStore {
  const { rows, readable, readableOne, write, transaction } = connection;
  const one = (found: readonly unknown[]) => readableOne(found, webhookFromRow, nameOf, accountOf);
  return {
    webhooks: async (account) => {
      const found = account === undefined ? rows(statements.all) : rows(statements.ofAccount, account);
      return readable(await found, webhookFromRow, nameOf);
    },
    webhook: async (id) => one(await rows(statements.byId, id)),
    addWebhook: (endpoint, most) => {
      const count = { statement: statements.count, values: [endpoint.account] };
      return addWithin(connection, endpoint.account, [count], async (session, [all]) => {
        if (countIn(all) >= most) return 'full';
        await session.run([insert(webhookToRow(endpoint))]);
        return 'added';
      });
    },
    updateWebhook: (id, changeOf) =>
      transaction(async (session) => {
        const [found] = await session.run([{ statement: lockById, values: [id] }]);
        const before = one(found?.rows ?? []);
        if (before === undefined) return undefined;
        const after = changeOf(before);
        if (after !== before) await session.run([updateRow(webhookToRow({ ...after, id }))]);
        return after;
      }),
    deleteWebhook: async (id) => {
      const values = [id];
      await write([
        { statement: statements.delete, values },
        { statement: statements.deleteDeliveries, values },
      ]);
    },
  };
}
