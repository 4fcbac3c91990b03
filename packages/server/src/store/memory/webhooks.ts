import type { Target } from '../ports/outbox.ts';
import type { WebhookEndpoint, WebhookStore } from '../ports/webhooks.ts';

/** Webhook endpoints that are forgotten when the process ends. */
export function memoryWebhooks(forgetDeliveries: (target: Target) => void): WebhookStore {
  const endpoints = new Map<string, WebhookEndpoint>();
  const of = (account?: string) =>
    [...endpoints.values()].filter((one) => account === undefined || one.account === account);
  return {
    webhooks: async (account) =>
      of(account).sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)),
    webhook: async (id) => endpoints.get(id),
    addWebhook: async (endpoint, most) => {
      if (of(endpoint.account).length >= most) return 'full';
      endpoints.set(endpoint.id, endpoint);
      return 'added';
    },
    changeWebhook: async (id, change) => {
      const endpoint = endpoints.get(id);
      if (endpoint === undefined) return undefined;
      const after = change(endpoint);
      endpoints.set(id, after);
      return after;
    },
    removeWebhook: async (id) => {
      endpoints.delete(id);
      forgetDeliveries({ kind: 'webhook', target: id });
    },
  };
}
