import { Type } from '@sinclair/typebox';
import type { WebhookStore } from '../../store/ports/webhooks.ts';
import { operation, type Services } from '../frame/operation.ts';
import { ownedWebhook } from './owned-webhook.ts';
import { Webhook, WebhookParams, webhookResponse } from './webhook.ts';

const ListWebhooksResponse = Type.Object(
  {
    total: Type.Integer({ description: 'How many webhooks there are' }),
    webhooks: Type.Array(Webhook, { description: 'The webhooks, the oldest first' }),
  },
  { $id: 'ListWebhooksResponse', description: 'The webhooks of the account' },
);

export const listWebhooks = operation({
  operationId: 'listWebhooks',
  method: 'GET',
  url: '/api/v1/esim/webhooks',
  permissions: ['admin'],
  summary: 'List the webhooks of the account',
  answers: { 200: { description: 'The webhooks, the oldest first', schema: ListWebhooksResponse } },
  respond: async ({ store }: Services<WebhookStore>, { account }) => {
    const webhooks = (await store.webhooks(account)).map(webhookResponse);
    return { total: webhooks.length, webhooks };
  },
});

export const getWebhook = operation({
  operationId: 'getWebhook',
  method: 'GET',
  url: '/api/v1/esim/webhooks/:webhookId',
  permissions: ['admin'],
  summary: 'Get one webhook, and whether it works',
  params: WebhookParams,
  answers: {
    200: { description: 'The webhook', schema: Webhook },
    404: { description: 'There is no such webhook', code: 'webhook_not_found' },
  },
  respond: async (services: Services<WebhookStore>, { account, params }) =>
    webhookResponse(await ownedWebhook(services, account, params.webhookId)),
});
