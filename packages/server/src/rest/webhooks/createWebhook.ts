import { toHex } from '@esim-rsp/codec';
import { parseWebhookUrl } from '../../delivery/webhooks/url.ts';
import { defaultEventTypes } from '../../store/ports/webhook-event-types.ts';
import { generateSecret, parseSecret } from '../../store/ports/webhook-secret.ts';
import type { WebhookStore } from '../../store/ports/webhooks.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { CreateWebhookRequest, WebhookWithSecret } from './schemas-webhooks.ts';
import { webhookWithSecret } from './webhook-response.ts';

/** Endpoints of one account. */
export const MOST_WEBHOOKS = 20;

export const createWebhook = operation({
  operationId: 'createWebhook',
  method: 'POST',
  url: '/api/v1/esim/webhooks',
  scope: 'admin',
  summary: 'Tells a URL from now on what happens to the profiles, signed as Standard Webhooks 1.0 has it',
  body: CreateWebhookRequest,
  answers: {
    201: { description: 'The endpoint, and its secret for the only time', schema: WebhookWithSecret },
    400: { description: 'A member is not valid, or the URL is in a private network', code: 'invalid_value' },
    409: { description: `The account has ${MOST_WEBHOOKS} webhooks already`, code: 'too_many_webhooks' },
  },
  respond: async ({ store, allowPrivate }: Services<WebhookStore>, { env, account, body }, reply) => {
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
    };
    if ((await store.addWebhook(endpoint, MOST_WEBHOOKS)) === 'full')
      throw new HttpProblem(
        409,
        'too_many_webhooks',
        `there are ${MOST_WEBHOOKS} webhooks already: remove one that is not needed any more`,
      );
    reply.status(201).header('location', `/api/v1/esim/webhooks/${endpoint.id}`);
    return webhookWithSecret(endpoint);
  },
});
