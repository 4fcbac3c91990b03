import { Type } from '@sinclair/typebox';
import { parseWebhookUrl } from '../../delivery/webhooks/url.ts';
import { about, closed } from '../../shapes/shape.ts';
import type { EventStore } from '../../store/ports/events.ts';
import type { OutboxStore } from '../../store/ports/outbox.ts';
import type { WebhookEndpoint, WebhookStore } from '../../store/ports/webhooks.ts';
import { operation, type Services } from '../frame/operation.ts';
import { changeWebhook } from './owned-webhook.ts';
import { Description, Events, Url, Webhook, WebhookParams, webhookResponse } from './webhook.ts';

const UpdateWebhookRequest = Type.Object(
  {
    url: Type.Optional(Url),
    events: Type.Optional(about('The types of events that it receives', Events)),
    description: Type.Optional(Description),
    disabled: Type.Optional(Type.Boolean({ description: 'true: disable it; false: enable it' })),
  },
  {
    ...closed,
    $id: 'UpdateWebhookRequest',
    description: 'Changes of a webhook. Members that are absent stay as they are',
    examples: [{ disabled: false }],
  },
);

export const updateWebhook = operation({
  operationId: 'updateWebhook',
  method: 'PATCH',
  url: '/api/v1/esim/webhooks/:webhookId',
  permissions: ['admin'],
  summary: 'Update a webhook; "disabled": false enables it',
  params: WebhookParams,
  body: UpdateWebhookRequest,
  answers: {
    200: { description: 'The webhook', schema: Webhook },
    400: { description: 'A member is not valid, or the URL is in a private network', code: 'invalid_value' },
    404: { description: 'There is no such webhook', code: 'webhook_not_found' },
  },
  respond: async (
    services: Services<WebhookStore & OutboxStore & EventStore>,
    { env, account, params, body },
  ) => {
    const { store, allowPrivate } = services;
    const { events, description, disabled } = body;
    const url = body.url === undefined ? undefined : parseWebhookUrl(body.url, allowPrivate);
    const since: Begin = {
      hearsFrom: env.now,
      ...(disabled === false && { hearsAfter: await store.lastEventId() }),
    };
    const endpoint = await changeWebhook(services, account, params.webhookId, (before) => ({
      ...(disabled === undefined ? before : enableOrDisable(before, disabled, since)),
      ...(url !== undefined && { url }),
      ...(events !== undefined && { events }),
      ...(description !== undefined && { description }),
    }));
    if (endpoint.disabled !== undefined)
      await store.skipDeliveries({ kind: 'webhook', target: endpoint.id }, endpoint.disabled.reason);
    return webhookResponse(endpoint);
  },
});

type Begin = Pick<WebhookEndpoint, 'hearsFrom' | 'hearsAfter'>;

function enableOrDisable(endpoint: WebhookEndpoint, off: boolean, since: Begin): WebhookEndpoint {
  const {
    disabled = { at: since.hearsFrom, reason: 'disabled by request' },
    failingSince: _,
    ...others
  } = endpoint;
  if (off) return { ...endpoint, disabled };
  return endpoint.disabled === undefined ? endpoint : { ...others, ...since };
}
