import type { SQLInputValue } from 'node:sqlite';
import type { WebhookChange, WebhookEndpoint, WebhookStore } from '../ports/webhooks.ts';
import { type WebhookRow, webhookFromRow, webhookToRow } from '../rows/webhooks.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Statements } from './statements.ts';

/** Webhook endpoints in SQLite. */
export function sqliteWebhooks(statements: Statements, { read, write }: GroupCommit): WebhookStore {
  return {
    webhooks: (account) =>
      read(() => {
        const { webhooks, webhooksOfAccount } = statements;
        const rows = account === undefined ? webhooks.all() : webhooksOfAccount.all(account);
        return (rows as WebhookRow[]).map(webhookFromRow);
      }),
    webhook: (id) => read(() => found(statements, id)),
    addWebhook: (endpoint, most) =>
      write(() => {
        const { count } = statements.countWebhooks.get(endpoint.account) as { count: number };
        if (count >= most) return 'full';
        statements.insertWebhook(webhookToRow(endpoint));
        return 'added';
      }),
    changeWebhook: (id, change) => write(() => changed(statements, id, change)),
    removeWebhook: (id) =>
      write(() => {
        statements.removeWebhook.run(id);
        statements.removeDeliveries.run('webhook', id);
      }),
  };
}

function found({ webhook }: Statements, id: string): WebhookEndpoint | undefined {
  const row = webhook.get(id) as WebhookRow | undefined;
  return row && webhookFromRow(row);
}

function changed(statements: Statements, id: string, change: WebhookChange): WebhookEndpoint | undefined {
  const before = found(statements, id);
  if (before === undefined) return undefined;
  const after = change(before);
  if (after === before) return before;
  const { id: _, ...columns } = webhookToRow(after);
  const values: SQLInputValue[] = Object.values(columns);
  statements.updateWebhook.run(...values, id);
  return after;
}
