import type { LookupFunction } from 'node:net';
import type { StoredEvent } from '../../store/ports/events.ts';
import type { Delivery, OutboxStore } from '../../store/ports/outbox.ts';
import type { WebhookEndpoint, WebhookStore } from '../../store/ports/webhooks.ts';
import { type Attempt, type Channel, isSince, type Outcome, type Subscriber } from '../channel.ts';
import { describeFailure, post } from '../outbound/post.ts';
import { GIVE_UP_AFTER_MS } from '../settle.ts';
import { eventPayload, messageId, testPayload } from './payload.ts';
import { signedHeaders } from './sign.ts';

/** The records that it reads and writes. */
type WebhookChannelStore = WebhookStore & Pick<OutboxStore, 'skipDeliveries'>;

const TIMEOUT_MS = 10_000;

export type WebhookOptions = {
  readonly allowPrivate: boolean;
  readonly lookUp: LookupFunction;
  readonly version: string;
};

/** Sends events to the webhook endpoints of accounts, as Standard Webhooks 1.0 specifies. */
export function webhookChannel(store: WebhookChannelStore, options: WebhookOptions): Channel {
  return {
    kind: 'webhook',
    subscribers: async () => (await store.webhooks()).filter(({ disabled }) => !disabled).map(toSubscriber),
    send: async (delivery, event, attempt) => {
      const endpoint = await store.webhook(delivery.target);
      if (endpoint === undefined) return { state: 'skipped', error: 'the endpoint was deleted' };
      if (endpoint.disabled) return { state: 'skipped', error: 'the endpoint is disabled' };
      const body = buildBody(delivery, event);
      if (body === undefined) return { state: 'skipped', error: 'the event is no longer stored' };
      return send(endpoint, { delivery, body }, options, attempt);
    },
    afterAttempt: (delivery, outcome, now) => recordAttempt(store, delivery, outcome, now),
  };
}

export function toSubscriber(endpoint: WebhookEndpoint): Subscriber {
  const { id, account, events, hearsFrom: from, hearsAfter: after } = endpoint;
  const all = events.includes('*');
  return {
    target: id,
    account,
    matches: (event) => isSince(event, { after, from }) && (all || events.includes(event.type)),
  };
}

function buildBody(delivery: Delivery, event: StoredEvent | undefined): string | undefined {
  if (delivery.eventId === undefined) return testPayload(delivery);
  return event && eventPayload(event);
}

async function send(
  endpoint: WebhookEndpoint,
  { delivery, body }: { readonly delivery: Delivery; readonly body: string },
  { allowPrivate, lookUp, version }: WebhookOptions,
  { signal, trace }: Attempt,
): Promise<Outcome> {
  const message = { id: messageId(delivery), timestamp: Math.floor(Date.now() / 1000), body };
  const headers = {
    'content-type': 'application/json',
    'user-agent': `esim-rsp/${version}`,
    ...signedHeaders(message, endpoint),
    ...trace,
  };
  const url = new URL(endpoint.url);
  if (url.protocol !== 'https:' && !allowPrivate)
    return {
      state: 'refused',
      error: 'plain HTTP is not allowed: use https, or set ESIM_WEBHOOK_ALLOW_PRIVATE=1 on the server',
    };
  try {
    const { status, ...more } = await post({
      url,
      headers,
      body,
      allowPrivate,
      lookUp,
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    if (status >= 200 && status < 300) return { state: 'delivered', status };
    return { state: 'refused', status, error: describeStatus(status), ...more };
  } catch (error) {
    signal.throwIfAborted();
    return { state: 'refused', error: describeFailure(error) };
  }
}

const GONE = 410;

function describeStatus(status: number): string {
  if (status === GONE) return 'answered 410 Gone: the receiver wants no more events';
  if (status >= 300 && status < 400) return `answered ${status}: redirects are not followed`;
  return `answered ${status}`;
}

/** Stores since when the endpoint fails, and disables it after 410 or three days of failures. */
async function recordAttempt(
  store: WebhookChannelStore,
  { target }: Delivery,
  outcome: Outcome,
  now: number,
): Promise<void> {
  if (outcome.state === 'skipped') return;
  const found = await store.webhook(target);
  if (outcome.state === 'delivered' && found?.failingSince === undefined) return;
  const after = await store.updateWebhook(target, (endpoint) => updateEndpoint(endpoint, outcome, now));
  if (after?.disabled !== undefined)
    await store.skipDeliveries({ kind: 'webhook', target }, after.disabled.reason);
}

/** The endpoint after an attempt: `failingSince` set or removed, and `disabled` set if it failed for too long. */
export function updateEndpoint(endpoint: WebhookEndpoint, outcome: Outcome, now: number): WebhookEndpoint {
  if (outcome.state === 'skipped') return endpoint;
  const { failingSince = now, ...others } = endpoint;
  if (outcome.state === 'delivered') return others;
  const failing = { ...others, failingSince };
  if (endpoint.disabled !== undefined) return failing;
  if (outcome.status === GONE) return { ...failing, disabled: { at: now, reason: describeStatus(GONE) } };
  if (now - failingSince < GIVE_UP_AFTER_MS) return failing;
  const since = new Date(failingSince).toISOString();
  return {
    ...failing,
    disabled: { at: now, reason: `every delivery has failed since ${since}: ${outcome.error}` },
  };
}
