import type { OutboxStore } from '../../store/ports/outbox.ts';
import type { WebhookStore } from '../../store/ports/webhooks.ts';
import { operation, type Services } from '../frame/operation.ts';
import { ownedWebhook } from './owned-webhook.ts';
import { DeliveriesQuery, ListWebhookDeliveriesResponse, WebhookParams } from './schemas-webhooks.ts';
import { deliveryResponse } from './webhook-response.ts';

export const listWebhookDeliveries = operation({
  operationId: 'listWebhookDeliveries',
  method: 'GET',
  url: '/api/v1/esim/webhooks/:webhookId/deliveries',
  scope: 'admin',
  summary: 'What was sent to a webhook and what is still to be sent, the newest first',
  params: WebhookParams,
  query: DeliveriesQuery,
  answers: {
    200: { description: 'A page of deliveries', schema: ListWebhookDeliveriesResponse },
    404: { description: 'There is no such webhook', code: 'webhook_not_found' },
  },
  respond: async (
    services: Services<WebhookStore & OutboxStore>,
    { account, params, query: { count = 100, cursor, state } },
  ) => {
    const { id: target } = await ownedWebhook(services, account, params.webhookId);
    const found = await services.store.deliveries({
      kind: 'webhook',
      target,
      ...(state !== undefined && { state }),
      ...(cursor !== undefined && { before: Number(cursor) }),
      count: count + 1,
    });
    const deliveries = found.slice(0, count).map(deliveryResponse);
    const more = found.length > count;
    return { deliveries, ...(more && { next_cursor: String(deliveries.at(-1)?.id) }), more };
  },
});
