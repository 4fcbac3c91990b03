import { type EventType, eventTypes } from '@esim-rsp/smdp/state/event';

/** The event types that endpoints can subscribe to. */
export const webhookEventTypes = [...eventTypes, 'stock.low', 'log.anchored'] as const;
export type WebhookEventType = EventType | typeof STOCK_EVENT_TYPE | typeof ANCHOR_EVENT_TYPE;

/** The stock of a type of profiles has fallen to its limit. It is about no profile, so it is in no history. */
export const STOCK_EVENT_TYPE = 'stock.low';

/** The heads of the audit log and of the events of an account were signed. It is about no profile, so it is in no history. */
export const ANCHOR_EVENT_TYPE = 'log.anchored';

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
  'install_link.help_requested',
  'operation.done',
  'operation.refused',
  'operation.unknown',
] as const satisfies readonly WebhookEventType[];

export const TEST_EVENT_TYPE = 'webhook.test';
