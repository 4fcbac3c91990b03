import { type EventType, eventTypes } from '@esim-rsp/smdp/state/event';

/** What endpoints can subscribe to. */
export const webhookEventTypes = eventTypes;
export type WebhookEventType = EventType;

/** What an endpoint hears of that does not say what it wants. */
export const usualEventTypes = [
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

export const TEST_TYPE = 'webhook.test';
