import type { EUICCProfileState } from './models.ts';
import type { ProfileEvent, ProfileEventType } from './models-events.ts';

/** Where an account wants to be told what happens to its Profiles. */
export interface Webhook {
  id: string;
  url: string;
  /** What it hears of; `*` is everything. */
  events: string[];
  description: string;
  /** ISO 8601, in UTC, as all times here. */
  created_at: string;
  disabled: boolean;
  disabled_at?: string;
  disabled_reason?: string;
  /** Since when no delivery has arrived. */
  first_failed_at?: string;
  /** Until when the secret before signs too. */
  previous_secret_expires_at?: string;
}

/** A webhook and its secret, which is shown once. */
export interface WebhookWithSecret extends Webhook {
  secret: string;
}

export interface CreateWebhookRequest {
  url: string;
  /** Unless given: released, downloaded, installed, enabled, disabled, deleted, error, expired and the like. */
  events?: (ProfileEventType | '*')[];
  /** For people. */
  description?: string;
  /** `whsec_` and base64 of 24 to 64 random octets; drawn unless given. */
  secret?: string;
}

export interface UpdateWebhookRequest {
  url?: string;
  events?: (ProfileEventType | '*')[];
  description?: string;
  /** `false`: it is tried again. */
  disabled?: boolean;
}

export interface RotateWebhookSecretRequest {
  secret?: string;
}

export interface ListWebhooksResponse {
  total: number;
  webhooks: Webhook[];
}

export type WebhookDeliveryState = 'pending' | 'delivered' | 'failed' | 'skipped';

/** One message to one webhook. */
export interface WebhookDelivery {
  id: number;
  /** Of the event, or webhook.test. */
  type: string;
  event_id?: number;
  iccid?: string;
  state: WebhookDeliveryState;
  attempts: number;
  created_at: string;
  /** Of one that is pending. */
  next_attempt_at?: string;
  last_attempt_at?: string;
  /** HTTP status of the last answer. */
  last_status?: number;
  last_error?: string;
}

export interface DeliveriesQuery {
  state?: WebhookDeliveryState;
  /** `next_cursor` of the page before. */
  cursor?: string;
  /** 1 to 1000; 100 unless given. */
  count?: number;
}

export interface ListWebhookDeliveriesResponse {
  deliveries: WebhookDelivery[];
  next_cursor?: string;
  /** Whether there are older ones. */
  more: boolean;
}

/** What a webhook is told of a Profile. */
export interface ProfileWebhookMessage {
  type: ProfileEventType;
  /** When it happened, ISO 8601, in UTC. */
  timestamp: string;
  data: ProfileEvent & { state: EUICCProfileState };
}

/** What a test of a webhook sends. */
export interface TestWebhookMessage {
  type: 'webhook.test';
  timestamp: string;
  data: { webhook_id: string };
}

export type WebhookMessage = ProfileWebhookMessage | TestWebhookMessage;
