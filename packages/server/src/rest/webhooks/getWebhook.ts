import type { WebhookStore } from '../../store/ports/webhooks.ts';
import { operation, type Services } from '../frame/operation.ts';
import { ownedWebhook } from './owned-webhook.ts';
import { ListWebhooksResponse, Webhook, WebhookParams } from './schemas-webhooks.ts';
import { webhookResponse } from './webhook-response.ts';

export const listWebhooks = operation({
  operationId: 'listWebhooks',
  method: 'GET',
  url: '/api/v1/esim/webhooks',
  scope: 'admin',
  summary: 'Every webhook of the account',
  answers: { 200: { description: 'The endpoints, the oldest first', schema: ListWebhooksResponse } },
  respond: async ({ store }: Services<WebhookStore>, { account }) => {
    const webhooks = (await store.webhooks(account)).map(webhookResponse);
    return { total: webhooks.length, webhooks };
  },
});

export const getWebhook = operation({
  operationId: 'getWebhook',
  method: 'GET',
  url: '/api/v1/esim/webhooks/:webhookId',
  scope: 'admin',
  summary: 'One webhook: where it goes, and whether it works',
  params: WebhookParams,
  answers: {
    200: { description: 'The endpoint', schema: Webhook },
    404: { description: 'There is no such webhook', code: 'webhook_not_found' },
  },
  respond: async (services: Services<WebhookStore>, { account, params }) =>
    webhookResponse(await ownedWebhook(services, account, params.webhookId)),
});
