import { createHash } from 'node:crypto';
import type { StoredEvent } from '../../store/ports/events.ts';
import type { Delivery } from '../../store/ports/outbox.ts';
import {
  ANCHOR_EVENT_TYPE,
  STOCK_EVENT_TYPE,
  TEST_EVENT_TYPE,
} from '../../store/ports/webhook-event-types.ts';
import { eventResponse } from '../event-message.ts';
import type {
  AnchorWebhookMessage,
  ProfileWebhookMessage,
  StockWebhookMessage,
  TestWebhookMessage,
} from './messages.ts';

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

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

/** Of a message about low stock. Its facts are those of the moment when it was noticed, also when it is sent again. */
export function stockPayload({ facts = {} }: Delivery): string {
  const message: StockWebhookMessage = {
    type: STOCK_EVENT_TYPE,
    timestamp: new Date(Number(facts.at)).toISOString(),
    data: {
      profile_type: facts.profile_type ?? '',
      available: Number(facts.available),
      low_stock_at: Number(facts.low_stock_at),
    },
  };
  return JSON.stringify(message);
}

/** Of an anchor: one line of text. `at`: Unix milliseconds. */
export function anchorPayload(line: string, at: number): string {
  const timestamp = new Date(at).toISOString();
  const message: AnchorWebhookMessage = { type: ANCHOR_EVENT_TYPE, timestamp, data: { line } };
  return JSON.stringify(message);
}

/** The same for all attempts of one delivery, so that a receiver can skip repeats. */
export function messageId({ target, eventId, id, type, facts }: Delivery): string {
  const endpoint = target.replace(/^we_/, '');
  if (type === STOCK_EVENT_TYPE)
    return `msg_${endpoint}_stock_${facts?.at}_${shortHash(facts?.profile_type ?? '')}`;
  if (type === ANCHOR_EVENT_TYPE) return `msg_${endpoint}_anchor_${shortHash(JSON.stringify(facts))}`;
  return eventId === undefined ? `msg_${endpoint}_test${id}` : `msg_${endpoint}_${eventId}`;
}
