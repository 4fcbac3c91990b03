import { parseWebhookUrl } from '../../delivery/webhooks/url.ts';
import type { OutboxStore } from '../../store/ports/outbox.ts';
import type { WebhookEndpoint, WebhookStore } from '../../store/ports/webhooks.ts';
import { operation, type Services } from '../frame/operation.ts';
import { changedWebhook } from './owned-webhook.ts';
import { UpdateWebhookRequest, Webhook, WebhookParams } from './schemas-webhooks.ts';
import { webhookResponse } from './webhook-response.ts';

export const updateWebhook = operation({
  operationId: 'updateWebhook',
  method: 'PATCH',
  url: '/api/v1/esim/webhooks/:webhookId',
  scope: 'admin',
  summary: 'Changes what is given; a webhook that was disabled is enabled with "disabled": false',
  params: WebhookParams,
  body: UpdateWebhookRequest,
  answers: {
    200: { description: 'The endpoint as it is now', schema: Webhook },
    400: { description: 'A member is not valid, or the URL is in a private network', code: 'invalid_value' },
    404: { description: 'There is no such webhook', code: 'webhook_not_found' },
  },
  respond: async (services: Services<WebhookStore & OutboxStore>, { env, account, params, body }) => {
    const { store, allowPrivate } = services;
    const { events, description, disabled } = body;
    const url = body.url === undefined ? undefined : parseWebhookUrl(body.url, allowPrivate);
    const { now } = env;
    const endpoint = await changedWebhook(services, account, params.webhookId, (before) => ({
      ...(disabled === undefined ? before : switched(before, disabled, now)),
      ...(url !== undefined && { url }),
      ...(events !== undefined && { events }),
      ...(description !== undefined && { description }),
    }));
    if (endpoint.disabled !== undefined)
      await store.skipDeliveries({ kind: 'webhook', target: endpoint.id }, endpoint.disabled.reason);
    return webhookResponse(endpoint);
  },
});

function switched(endpoint: WebhookEndpoint, off: boolean, now: number): WebhookEndpoint {
  const { disabled = { at: now, reason: 'disabled by request' }, failingSince: _, ...others } = endpoint;
  if (off) return { ...endpoint, disabled };
  return endpoint.disabled === undefined ? endpoint : { ...others, hearsFrom: now };
}
