import type { WebhookStore } from '../../store/ports/webhooks.ts';
import { operation, type Services } from '../frame/operation.ts';
import { noSuchWebhook } from './owned-webhook.ts';
import { WebhookParams } from './webhook.ts';

export const deleteWebhook = operation({
  operationId: 'deleteWebhook',
  method: 'DELETE',
  url: '/api/v1/esim/webhooks/:webhookId',
  permissions: ['admin'],
  summary: 'Delete a webhook and the log of its deliveries',
  params: WebhookParams,
  answers: {
    204: { description: 'The webhook is deleted' },
    404: { description: 'There is no such webhook', code: 'webhook_not_found' },
  },
  respond: async ({ store }: Services<WebhookStore>, { account, params: { webhookId: id } }, reply) => {
    if ((await store.deleteWebhook(account, id)) === 'unknown') throw noSuchWebhook(id);
    reply.status(204);
  },
});
