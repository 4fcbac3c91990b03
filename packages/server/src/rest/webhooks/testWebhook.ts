import type { OutboxStore } from '../../store/ports/outbox.ts';
import { TEST_EVENT_TYPE } from '../../store/ports/webhook-event-types.ts';
import type { WebhookStore } from '../../store/ports/webhooks.ts';
import { operation, type Services } from '../frame/operation.ts';
import { deliveryResponse, WebhookDelivery } from './delivery.ts';
import { mustBeEnabled, ownedWebhook } from './owned-webhook.ts';
import { WebhookParams } from './webhook.ts';

export const testWebhook = operation({
  operationId: 'testWebhook',
  method: 'POST',
  url: '/api/v1/esim/webhooks/:webhookId/test',
  permissions: ['admin'],
  summary: `Send a ${TEST_EVENT_TYPE} message; its delivery shows whether it arrived`,
  params: WebhookParams,
  answers: {
    202: { description: 'The delivery, which the server attempts at once', schema: WebhookDelivery },
    404: { description: 'There is no such webhook', code: 'webhook_not_found' },
    409: { description: 'The webhook is disabled', code: 'webhook_disabled' },
  },
  respond: async (services: Services<WebhookStore & OutboxStore>, { env, account, params }, reply) => {
    const { store } = services;
    const endpoint = await ownedWebhook(services, account, params.webhookId);
    mustBeEnabled(endpoint);
    const delivery = await store.addDelivery({
      kind: 'webhook',
      target: endpoint.id,
      account,
      type: TEST_EVENT_TYPE,
      iccid: '',
      createdAt: env.now,
    });
    reply.status(202);
    return deliveryResponse(delivery);
  },
  ifLost: 'the delivery is the last one in the list of its deliveries',
});
