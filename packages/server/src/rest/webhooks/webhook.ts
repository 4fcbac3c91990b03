import { type Static, Type } from '@sinclair/typebox';
import { closed, extending, inWords, literals, named } from '../../shapes/shape.ts';
import { Time, timeOf } from '../../shapes/time.ts';
import { webhookEventTypes } from '../../store/ports/webhook-event-types.ts';
import { formatSecret } from '../../store/ports/webhook-secret.ts';
import type { WebhookEndpoint } from '../../store/ports/webhooks.ts';

export const WEBHOOK_ID = 'we_5b1f0c3a9d2e47f86a1b0c2d';

export const WebhookParams = Type.Object(
  {
    webhookId: Type.String({
      pattern: '^we_[0-9a-f]{24}$',
      ...inWords('the id of a webhook: we_ and 24 hexadecimal digits in lower case'),
      description: 'The id of a webhook',
      examples: [WEBHOOK_ID],
    }),
  },
  closed,
);

/** Members that requests set. */
export const Url = Type.String({
  minLength: 1,
  maxLength: 2048,
  description:
    'The address that receives the messages: https://…; http://… and private networks where the server allows them',
  examples: ['https://shop.example.com/esim-events'],
});
const WebhookEventType = named(
  'WebhookEventType',
  literals([...webhookEventTypes, '*'] as const, 'What a webhook can subscribe to; * is everything'),
);
export const Events = Type.Array(WebhookEventType, {
  minItems: 1,
  maxItems: 64,
  uniqueItems: true,
  examples: [['profile.installed', 'profile.error']],
});
export const Description = Type.String({ maxLength: 200, description: 'Your note about the webhook' });
export const Secret = Type.String({
  minLength: 1,
  maxLength: 128,
  description: 'whsec_ and base64 of 24 to 64 random bytes; without it, the server generates one',
  examples: [`whsec_${Buffer.alloc(24, 'example ').toString('base64')}`],
});

const webhookExample = {
  id: WEBHOOK_ID,
  url: Url.examples[0],
  events: Events.examples[0],
  description: '',
  created_at: '2026-03-01T10:00:00.000Z',
  disabled: false,
};

export const Webhook = Type.Object(
  {
    id: Type.String({ description: 'The id: we_ and 24 hexadecimal digits' }),
    url: Type.String({ description: 'The address that receives the messages' }),
    events: Type.Array(Type.String(), {
      description: 'The types of events that it receives; * is everything',
    }),
    description: Type.String({ description: 'Your note about the webhook; may be empty' }),
    created_at: Time('When the webhook was created'),
    disabled: Type.Boolean({ description: 'Whether it receives nothing until it is enabled' }),
    disabled_at: Type.Optional(Time('When it was disabled; absent when it is enabled')),
    disabled_reason: Type.Optional(
      Type.String({ description: 'Why it was disabled; absent when it is enabled' }),
    ),
    first_failed_at: Type.Optional(Time('The first failure since the last success; absent when it works')),
    previous_secret_expires_at: Type.Optional(
      Time('Until when messages are signed with the previous secret too'),
    ),
  },
  { $id: 'Webhook', description: 'A webhook, without its secret', examples: [webhookExample] },
);
export type Webhook = Static<typeof Webhook>;

export const WebhookWithSecret = Type.Object(
  {
    ...Webhook.properties,
    secret: Type.String({ description: 'The secret that signs messages: it is shown once' }),
  },
  {
    ...extending(Webhook),
    $id: 'WebhookWithSecret',
    description: 'A webhook and its new secret',
    examples: [{ ...webhookExample, secret: Secret.examples[0] }],
  },
);

/** A webhook in an answer, without its secret. */
export function webhookResponse(endpoint: WebhookEndpoint): Webhook {
  const { id, url, events, description, createdAt, disabled, failingSince, previous } = endpoint;
  return {
    id,
    url,
    events: [...events],
    description,
    created_at: timeOf(createdAt),
    disabled: disabled !== undefined,
    ...(disabled && { disabled_at: timeOf(disabled.at), disabled_reason: disabled.reason }),
    ...(failingSince !== undefined && { first_failed_at: timeOf(failingSince) }),
    ...(previous && { previous_secret_expires_at: timeOf(previous.until) }),
  };
}

export function webhookWithSecret(endpoint: WebhookEndpoint) {
  return { ...webhookResponse(endpoint), secret: formatSecret(endpoint.secret) };
}
