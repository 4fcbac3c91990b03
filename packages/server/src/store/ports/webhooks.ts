import type { WebhookEventType } from './webhook-event-types.ts';
import type { WebhookSecret } from './webhook-secret.ts';

/** Where an account wants to be told what happens to its profiles. */
export type WebhookEndpoint = {
  readonly id: string;
  readonly account: string;
  readonly url: string;
  readonly description: string;
  /** What it wants to hear of; `*`: everything. */
  readonly events: readonly (WebhookEventType | '*')[];
  readonly secret: WebhookSecret;
  /** After a rotation: signed with too, until then (Unix milliseconds). */
  readonly previous?: { readonly secret: WebhookSecret; readonly until: number };
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** It hears of what happens from then on: when it was made, or enabled again. Unix milliseconds. */
  readonly hearsFrom: number;
  /** Since when every delivery has failed; absent: the last one arrived. */
  readonly failingSince?: number;
  readonly disabled?: { readonly at: number; readonly reason: string };
};

/** A pure step from one state of an endpoint to the next. */
export type WebhookChange = (endpoint: WebhookEndpoint) => WebhookEndpoint;

export interface WebhookStore {
  /** Those of one account, or all, by age. */
  webhooks(account?: string): Promise<readonly WebhookEndpoint[]>;
  webhook(id: string): Promise<WebhookEndpoint | undefined>;
  /** `full`: the account has `most` of them already; nothing was changed. */
  addWebhook(endpoint: WebhookEndpoint, most: number): Promise<'added' | 'full'>;
  /** Changes it in one transaction; resolves to what it is then, undefined: there is none. */
  changeWebhook(id: string, change: WebhookChange): Promise<WebhookEndpoint | undefined>;
  /** With its deliveries. */
  removeWebhook(id: string): Promise<void>;
}
