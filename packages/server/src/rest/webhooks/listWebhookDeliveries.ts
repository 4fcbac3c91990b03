import { named } from '../../shapes/shape.ts';
import type { OutboxStore } from '../../store/ports/outbox.ts';
import { TEST_EVENT_TYPE, webhookEventTypes } from '../../store/ports/webhook-event-types.ts';
import type { WebhookStore } from '../../store/ports/webhooks.ts';
import { operation, type Services } from '../frame/operation.ts';
import { WebhookDelivery, WebhookDeliveryState } from './delivery.ts';
import { deliveriesPage, deliveriesQuery, readDeliveriesPage } from './delivery-page.ts';
import { ownedWebhook } from './owned-webhook.ts';
import { WebhookParams } from './webhook.ts';

const types = [...webhookEventTypes, TEST_EVENT_TYPE];

const DeliveriesQuery = named('DeliveriesQuery', deliveriesQuery(WebhookDeliveryState, types));
const ListWebhookDeliveriesResponse = deliveriesPage('ListWebhookDeliveriesResponse', WebhookDelivery);

export const listWebhookDeliveries = operation({
  operationId: 'listWebhookDeliveries',
  method: 'GET',
  url: '/api/v1/esim/webhooks/:webhookId/deliveries',
  isLong: true,
  permissions: ['admin'],
  summary: 'List the messages to a webhook, the newest first',
  params: WebhookParams,
  query: DeliveriesQuery,
  answers: {
    200: { description: 'A page of deliveries', schema: ListWebhookDeliveriesResponse },
    404: { description: 'There is no such webhook', code: 'webhook_not_found' },
  },
  respond: async (services: Services<WebhookStore & OutboxStore>, { account, params, query }) => {
    const { id: target } = await ownedWebhook(services, account, params.webhookId);
    return readDeliveriesPage(services.store, { kind: 'webhook', target }, query, types);
  },
});
