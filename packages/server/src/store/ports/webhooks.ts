import type { BegunRequest } from './idempotency.ts';
import type { NewDelivery } from './outbox.ts';
import type { WebhookEventType } from './webhook-event-types.ts';
import type { WebhookSecret } from './webhook-secret.ts';

/** A URL of an account that is notified of events of its profiles. */
export type WebhookEndpoint = {
  readonly id: string;
  readonly account: string;
  readonly url: string;
  readonly description: string;
  /** The event types it subscribes to; `*`: all. */
  readonly events: readonly (WebhookEventType | '*')[];
  readonly secret: WebhookSecret;
  /** After a rotation, messages are signed with the previous secret too, until then (Unix milliseconds). */
  readonly previous?: { readonly secret: WebhookSecret; readonly until: number };
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** When it was created, or enabled again. Unix milliseconds. */
  readonly hearsFrom: number;
  /** The id of the last event before that: only later ones are delivered. Absent (a node of an earlier release wrote it): those since `hearsFrom`. */
  readonly hearsAfter?: number;
  /** Every delivery has failed since then (Unix milliseconds); absent: the last one arrived. */
  readonly failingSince?: number;
  readonly disabled?: { readonly at: number; readonly reason: string };
};

/** A pure function from one state of an endpoint to the next. */
export type WebhookChange = (endpoint: WebhookEndpoint) => WebhookEndpoint;

export interface WebhookStore {
  /** The endpoints of one account, or all; the oldest first. */
  webhooks(account?: string): Promise<readonly WebhookEndpoint[]>;
  webhook(id: string): Promise<WebhookEndpoint | undefined>;
  /** `request`: whose work this is. `full`: the account has `most` endpoints already; nothing was changed. */
  addWebhook(endpoint: WebhookEndpoint, most: number, request?: BegunRequest): Promise<'added' | 'full'>;
  /**
   * Reads, changes and writes in one transaction; resolves to the new endpoint, undefined: there is none. `alongside`: the deliveries that the
   * change causes, added in the same transaction. `request`: whose work this is.
   */
  updateWebhook(
    id: string,
    change: WebhookChange,
    alongside?: (before: WebhookEndpoint, after: WebhookEndpoint) => readonly NewDelivery[],
    request?: BegunRequest,
  ): Promise<WebhookEndpoint | undefined>;
  /** Deletes the endpoint and its deliveries, also if its record cannot be read. `unknown`: the account has no such endpoint. */
  deleteWebhook(account: string, id: string): Promise<'deleted' | 'unknown'>;
}
