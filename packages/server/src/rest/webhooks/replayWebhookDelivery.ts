import { type OutboxStore, repeatOf } from '../../store/ports/outbox.ts';
import type { WebhookStore } from '../../store/ports/webhooks.ts';
import { operation, type Services } from '../frame/operation.ts';
import { DeliveryParams, deliveryResponse, WebhookDelivery } from './delivery.ts';
import { mustHaveEnded } from './must-have-ended.ts';
import { deliveryOf, mustBeEnabled, ownedWebhook } from './owned-webhook.ts';

export const replayWebhookDelivery = operation({
  operationId: 'replayWebhookDelivery',
  method: 'POST',
  url: '/api/v1/esim/webhooks/:webhookId/deliveries/:deliveryId/replay',
  permissions: ['admin'],
  summary: 'Send a message again, with the same webhook-id',
  params: DeliveryParams,
  answers: {
    202: { description: 'The new delivery, which the server attempts at once', schema: WebhookDelivery },
    404: { description: 'There is no such webhook or delivery', code: 'delivery_not_found' },
    409: { description: 'The delivery is still pending', code: 'delivery_pending' },
  },
  respond: async (services: Services<WebhookStore & OutboxStore>, { env, account, params }, reply) => {
    const { store } = services;
    const endpoint = await ownedWebhook(services, account, params.webhookId);
    const known = await deliveryOf(services, endpoint, params.deliveryId);
    mustHaveEnded(known);
    mustBeEnabled(endpoint);
    const delivery = await store.addDelivery(repeatOf(known, env.now));
    reply.status(202);
    return deliveryResponse(delivery);
  },
  ifLost: 'the delivery is the last one in the list of its deliveries',
});
