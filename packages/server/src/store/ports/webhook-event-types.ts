import { type EventType, eventTypes } from '@esim-rsp/smdp/state/event';

/** The event types that endpoints can subscribe to. */
export const webhookEventTypes = eventTypes;
export type WebhookEventType = EventType;

/** The subscription of an endpoint that names no types. */
export const defaultEventTypes = [
  'profile.released',
  'profile.downloaded',
  'profile.installed',
  'profile.enabled',
  'profile.disabled',
  'profile.deleted',
  'profile.error',
  'profile.expired',
  'profile.reuse_exhausted',
  'confirmation_code.locked',
] as const satisfies readonly WebhookEventType[];

export const TEST_EVENT_TYPE = 'webhook.test';
