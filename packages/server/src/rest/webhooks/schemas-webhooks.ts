import { type Static, Type } from '@sinclair/typebox';
import { literals } from '../../shapes/literals.ts';
import { Time } from '../../shapes/time.ts';
import { deliveryStates } from '../../store/ports/outbox.ts';
import { defaultEventTypes, webhookEventTypes } from '../../store/ports/webhook-event-types.ts';

/** The JSON shapes of webhooks: where they go, and what became of them. */

const closed = { additionalProperties: false } as const;
const WEBHOOK_ID = 'we_5b1f0c3a9d2e47f86a1b0c2d';

export const WebhookParams = Type.Object({
  webhookId: Type.String({ pattern: '^we_[0-9a-f]{24}$', examples: [WEBHOOK_ID] }),
});
export const DeliveryParams = Type.Object({
  ...WebhookParams.properties,
  deliveryId: Type.Integer({ minimum: 1, maximum: 9_007_199_254_740_991 }),
});

const Url = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'https://…; http://… and private networks where the server allows them',
  examples: ['https://shop.example.com/esim-events'],
});
const Events = Type.Array(literals([...webhookEventTypes, '*'] as const), {
  minItems: 1,
  maxItems: 64,
  uniqueItems: true,
  description: `What it hears of; * is everything. Unless given: ${defaultEventTypes.join(', ')}`,
  examples: [['profile.installed', 'profile.error']],
});
const Description = Type.String({ maxLength: 200, description: 'For people' });
const Secret = Type.String({
  minLength: 1,
  maxLength: 128,
  description: 'whsec_ and base64 of 24 to 64 random octets; drawn unless given',
  examples: [`whsec_${Buffer.alloc(24, 'example ').toString('base64')}`],
});

export const CreateWebhookRequest = Type.Object(
  {
    url: Url,
    events: Type.Optional(Events),
    description: Type.Optional(Description),
    secret: Type.Optional(Secret),
  },
  { ...closed, $id: 'CreateWebhookRequest' },
);
export type CreateWebhookRequest = Static<typeof CreateWebhookRequest>;

export const UpdateWebhookRequest = Type.Object(
  {
    url: Type.Optional(Url),
    events: Type.Optional(Events),
    description: Type.Optional(Description),
    disabled: Type.Optional(Type.Boolean({ description: 'false: it is tried again' })),
  },
  { ...closed, $id: 'UpdateWebhookRequest', examples: [{ disabled: false }] },
);
export type UpdateWebhookRequest = Static<typeof UpdateWebhookRequest>;

export const RotateWebhookSecretRequest = Type.Object(
  { secret: Type.Optional(Secret) },
  { ...closed, $id: 'RotateWebhookSecretRequest', examples: [{}] },
);
export type RotateWebhookSecretRequest = Static<typeof RotateWebhookSecretRequest>;

const instant = '2026-03-01T10:00:00.000Z';

const webhook = {
  id: Type.String(),
  url: Type.String(),
  events: Type.Array(Type.String(), { description: '* is everything' }),
  description: Type.String(),
  created_at: Time('when it was made'),
  disabled: Type.Boolean(),
  disabled_at: Type.Optional(Time('since when it is disabled')),
  disabled_reason: Type.Optional(Type.String()),
  first_failed_at: Type.Optional(Time('since when no delivery has arrived')),
  previous_secret_expires_at: Type.Optional(Time('until when the secret before signs too')),
};
const webhookExample = {
  id: WEBHOOK_ID,
  url: Url.examples[0],
  events: Events.examples[0],
  description: '',
  created_at: instant,
  disabled: false,
};

export const Webhook = Type.Object(webhook, { $id: 'Webhook', examples: [webhookExample] });
export type Webhook = Static<typeof Webhook>;

/** The secret is shown here and never again. */
export const WebhookWithSecret = Type.Object(
  { ...webhook, secret: Type.String({ description: 'Shown once: keep it' }) },
  { $id: 'WebhookWithSecret', examples: [{ ...webhookExample, secret: Secret.examples[0] }] },
);

export const ListWebhooksResponse = Type.Object(
  { total: Type.Integer(), webhooks: Type.Array(Webhook) },
  { $id: 'ListWebhooksResponse' },
);

export const DeliveriesQuery = Type.Object({
  state: Type.Optional(literals(deliveryStates, 'Only of this state')),
  cursor: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,15}$',
      description: 'next_cursor of the page before; without it, the newest deliveries',
    }),
  ),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
});

export const WebhookDelivery = Type.Object(
  {
    id: Type.Integer(),
    type: Type.String({ description: 'Of the event, or webhook.test' }),
    event_id: Type.Optional(Type.Integer({ description: 'Of the event, as in /events' })),
    iccid: Type.Optional(Type.String()),
    state: literals(deliveryStates, 'skipped: given up because the endpoint was disabled'),
    attempts: Type.Integer(),
    created_at: Time('when the event happened'),
    next_attempt_at: Type.Optional(Time('of one that is pending')),
    last_attempt_at: Type.Optional(Time('when it was last tried')),
    last_status: Type.Optional(Type.Integer({ description: 'HTTP status of the last answer' })),
    last_error: Type.Optional(Type.String({ description: 'Why the last attempt failed' })),
  },
  {
    $id: 'WebhookDelivery',
    examples: [
      {
        id: 7,
        type: 'profile.installed',
        event_id: 17,
        iccid: '8900101000000000017',
        state: 'delivered',
        attempts: 1,
        created_at: instant,
        last_attempt_at: instant,
        last_status: 204,
      },
    ],
  },
);
export type WebhookDelivery = Static<typeof WebhookDelivery>;

export const ListWebhookDeliveriesResponse = Type.Object(
  {
    deliveries: Type.Array(WebhookDelivery),
    next_cursor: Type.Optional(Type.String({ description: 'There as long as there are older ones' })),
    more: Type.Boolean({ description: 'Whether there are older ones' }),
  },
  { $id: 'ListWebhookDeliveriesResponse' },
);
