import { type Static, Type } from '@sinclair/typebox';
import { about, closed, literals, named } from '../../shapes/shape.ts';
import { Time, timeOf } from '../../shapes/time.ts';
import { type Delivery, deliveryStates } from '../../store/ports/outbox.ts';
import { WebhookParams } from './webhook.ts';

export const DeliveryParams = Type.Object(
  {
    ...WebhookParams.properties,
    deliveryId: Type.Integer({
      minimum: 1,
      maximum: 9_007_199_254_740_991,
      description: 'The id of a delivery of the webhook',
    }),
  },
  closed,
);

export const WebhookDeliveryState = named(
  'WebhookDeliveryState',
  literals(
    deliveryStates,
    'pending: not delivered yet; delivered; failed: ended after three days; skipped: ended because the webhook was disabled',
  ),
);

export const WebhookDelivery = Type.Object(
  {
    id: Type.Integer({ description: 'Number of the delivery: later deliveries have higher numbers' }),
    type: Type.String({ description: 'The type of the event, or webhook.test' }),
    event_id: Type.Optional(Type.Integer({ description: 'The event; absent for a test' })),
    iccid: Type.Optional(Type.String({ description: 'The Profile; absent for a test' })),
    state: about('Whether it has arrived', WebhookDeliveryState),
    attempts: Type.Integer({ description: 'How many attempts failed' }),
    created_at: Time('When the event happened'),
    next_attempt_at: Type.Optional(Time('The next attempt; present while it is pending')),
    last_attempt_at: Type.Optional(Time('The last attempt')),
    last_status: Type.Optional(Type.Integer({ description: 'The HTTP status of the last answer' })),
    last_error: Type.Optional(Type.String({ description: 'Why the last attempt failed' })),
  },
  {
    $id: 'WebhookDelivery',
    description: 'A message to a webhook',
    examples: [
      {
        id: 7,
        type: 'profile.installed',
        event_id: 17,
        iccid: '8900101000000000017',
        state: 'delivered',
        attempts: 1,
        created_at: '2026-03-01T10:00:00.000Z',
        last_attempt_at: '2026-03-01T10:00:00.000Z',
        last_status: 204,
      },
    ],
  },
);
export type WebhookDelivery = Static<typeof WebhookDelivery>;

/** A delivery in an answer. */
export function deliveryResponse(delivery: Delivery): WebhookDelivery {
  const { id, type, eventId, iccid, state, attempts, createdAt } = delivery;
  const { nextAttemptAt, lastAttemptAt, lastStatus, lastError } = delivery;
  return {
    id,
    type,
    ...(eventId !== undefined && { event_id: eventId }),
    ...(iccid !== '' && { iccid }),
    state,
    attempts,
    created_at: timeOf(createdAt),
    ...(state === 'pending' && { next_attempt_at: timeOf(nextAttemptAt) }),
    ...(lastAttemptAt !== undefined && { last_attempt_at: timeOf(lastAttemptAt) }),
    ...(lastStatus !== undefined && { last_status: lastStatus }),
    ...(lastError !== undefined && { last_error: lastError }),
  };
}
