import { Type } from '@sinclair/typebox';
import { closed } from '../../shapes/shape.ts';
import { generateSecret, parseSecret } from '../../store/ports/webhook-secret.ts';
import type { WebhookStore } from '../../store/ports/webhooks.ts';
import { operation, type Services } from '../frame/operation.ts';
import { changeWebhook } from './owned-webhook.ts';
import { Secret, WebhookParams, WebhookWithSecret, webhookWithSecret } from './webhook.ts';

const RotateWebhookSecretRequest = Type.Object(
  { secret: Type.Optional(Secret) },
  { ...closed, $id: 'RotateWebhookSecretRequest', description: 'The new secret', examples: [{}] },
);

/** How long the previous secret signs too. */
const OVERLAP_HOURS = 24;

export const rotateWebhookSecret = operation({
  operationId: 'rotateWebhookSecret',
  method: 'POST',
  url: '/api/v1/esim/webhooks/:webhookId/rotate-secret',
  permissions: ['admin'],
  summary: `Replace the secret of a webhook; for ${OVERLAP_HOURS} hours messages are signed with both`,
  params: WebhookParams,
  body: RotateWebhookSecretRequest,
  answers: {
    200: { description: 'The webhook, and its new secret, which is shown once', schema: WebhookWithSecret },
    400: { description: 'The secret is not valid', code: 'invalid_value' },
    404: { description: 'There is no such webhook', code: 'webhook_not_found' },
  },
  respond: async (services: Services<WebhookStore>, { env, account, params, body }) => {
    const { now, random } = env;
    const secret = body.secret === undefined ? generateSecret(random) : parseSecret(body.secret);
    const until = now + OVERLAP_HOURS * 3_600_000;
    const endpoint = await changeWebhook(services, account, params.webhookId, (before) => ({
      ...before,
      secret,
      previous: { secret: before.secret, until },
    }));
    return webhookWithSecret(endpoint);
  },
  ifLost:
    'the new secret was shown once: rotate it again with a new Idempotency-Key, or set one that you choose',
});
