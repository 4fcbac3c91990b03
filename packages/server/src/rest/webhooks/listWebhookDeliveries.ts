import { Type } from '@sinclair/typebox';
import { about, Count, Cursor, closed, named } from '../../shapes/shape.ts';
import type { OutboxStore } from '../../store/ports/outbox.ts';
import type { WebhookStore } from '../../store/ports/webhooks.ts';
import { operation, type Services } from '../frame/operation.ts';
import { deliveryResponse, WebhookDelivery, WebhookDeliveryState } from './delivery.ts';
import { ownedWebhook } from './owned-webhook.ts';
import { WebhookParams } from './webhook.ts';

const DeliveriesQuery = named(
  'DeliveriesQuery',
  Type.Object(
    {
      state: Type.Optional(about('Only deliveries in this state', WebhookDeliveryState)),
      cursor: Type.Optional(
        about('next_cursor of the previous page; without it, the newest deliveries', Cursor),
      ),
      count: Type.Optional(Count),
    },
    { ...closed, description: 'Which deliveries a page has' },
  ),
);

const ListWebhookDeliveriesResponse = Type.Object(
  {
    deliveries: Type.Array(WebhookDelivery, { description: 'The deliveries' }),
    next_cursor: Type.Optional(
      Type.String({ description: 'The cursor of the next page; absent when there are no older deliveries' }),
    ),
    more: Type.Boolean({ description: 'Whether there are older deliveries' }),
  },
  { $id: 'ListWebhookDeliveriesResponse', description: 'A page of deliveries, the newest first' },
);

export const listWebhookDeliveries = operation({
  operationId: 'listWebhookDeliveries',
  method: 'GET',
  url: '/api/v1/esim/webhooks/:webhookId/deliveries',
  permissions: ['admin'],
  summary: 'List the messages to a webhook, the newest first',
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
