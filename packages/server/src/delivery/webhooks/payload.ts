import type { StoredEvent } from '../../store/ports/events.ts';
import type { Delivery } from '../../store/ports/outbox.ts';
import { TEST_EVENT_TYPE } from '../../store/ports/webhook-event-types.ts';
import { eventResponse } from '../event-message.ts';
import type { ProfileWebhookMessage, TestWebhookMessage } from './messages.ts';

/** The JSON body for an event. It contains no activation code, confirmation code or key. */
export function eventPayload(event: StoredEvent): string {
  const data = { ...eventResponse(event), state: event.to };
  const message: ProfileWebhookMessage = { type: event.type, timestamp: data.occurred_at, data };
  return JSON.stringify(message);
}

export function testPayload({ target, createdAt }: Delivery): string {
  const timestamp = new Date(createdAt).toISOString();
  const message: TestWebhookMessage = { type: TEST_EVENT_TYPE, timestamp, data: { webhook_id: target } };
  return JSON.stringify(message);
}

/** The same for all attempts of one delivery, so that a receiver can skip repeats. */
export function messageId({ target, eventId, id }: Delivery): string {
  const endpoint = target.replace(/^we_/, '');
  return eventId === undefined ? `msg_${endpoint}_test${id}` : `msg_${endpoint}_${eventId}`;
}
