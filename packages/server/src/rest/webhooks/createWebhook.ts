import { toHex } from '@esim-rsp/codec';
import { Type } from '@sinclair/typebox';
import { parseWebhookUrl } from '../../delivery/webhooks/url.ts';
import { about, closed } from '../../shapes/shape.ts';
import type { EventStore } from '../../store/ports/events.ts';
import { defaultEventTypes } from '../../store/ports/webhook-event-types.ts';
import { generateSecret, parseSecret } from '../../store/ports/webhook-secret.ts';
import type { WebhookStore } from '../../store/ports/webhooks.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { Description, Events, Secret, Url, WebhookWithSecret, webhookWithSecret } from './webhook.ts';

const CreateWebhookRequest = Type.Object(
  {
    url: Url,
    events: Type.Optional(
      about(`The types of events that it receives; without it: ${defaultEventTypes.join(', ')}`, Events),
    ),
    description: Type.Optional(Description),
    secret: Type.Optional(Secret),
  },
  { ...closed, $id: 'CreateWebhookRequest', description: 'A webhook to create' },
);

/** Webhooks of one account. */
export const MOST_WEBHOOKS = 20;

export const createWebhook = operation({
  operationId: 'createWebhook',
  method: 'POST',
  url: '/api/v1/esim/webhooks',
  permissions: ['admin'],
  summary: 'Create a webhook, which receives events in messages that are signed by Standard Webhooks 1.0',
  body: CreateWebhookRequest,
  answers: {
    201: { description: 'The webhook, and its secret, which is shown once', schema: WebhookWithSecret },
    400: { description: 'A member is not valid, or the URL is in a private network', code: 'invalid_value' },
    409: { description: `The account has ${MOST_WEBHOOKS} webhooks already`, code: 'too_many_webhooks' },
  },
  targets: (_asked, { id }) => [id],
  respond: async (
    { store, allowPrivate }: Services<WebhookStore & EventStore>,
    { env, account, body },
    reply,
  ) => {
    const { events = defaultEventTypes, description = '' } = body;
    const { now, random } = env;
    const endpoint = {
      id: `we_${toHex(random(12)).toLowerCase()}`,
      account,
      url: parseWebhookUrl(body.url, allowPrivate),
      description,
      events,
      secret: body.secret === undefined ? generateSecret(random) : parseSecret(body.secret),
      createdAt: now,
      hearsFrom: now,
      hearsAfter: await store.lastEventId(),
    };
    if ((await store.addWebhook(endpoint, MOST_WEBHOOKS)) === 'full')
      throw new HttpProblem(
        409,
        'too_many_webhooks',
        `there are ${MOST_WEBHOOKS} webhooks already: delete one that you do not need any more`,
      );
    reply.status(201).header('location', `/api/v1/esim/webhooks/${endpoint.id}`);
    return webhookWithSecret(endpoint);
  },
  ifLost: 'its secret was shown once: rotate the secret of this webhook, or set one that you choose',
});
