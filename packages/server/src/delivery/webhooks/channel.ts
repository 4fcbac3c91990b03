import type { Delivery } from '../../store/ports/outbox.ts';
import type { WebhookEndpoint } from '../../store/ports/webhooks.ts';
import type { ServerStore } from '../../store/store.ts';
import type { Channel, Outcome, Subscriber } from '../channel.ts';
import { failureOf, post } from '../outbound/post.ts';
import { PATIENCE_MS } from '../settle.ts';
import { eventPayload, messageId, testPayload } from './payload.ts';
import { signedHeaders } from './sign.ts';

const TIMEOUT_MS = 10_000;

export type WebhookOptions = { readonly allowPrivate: boolean; readonly version: string };

/** Tells the webhook endpoints of accounts, as Standard Webhooks 1.0 has it. */
export function webhookChannel(store: ServerStore, options: WebhookOptions): Channel {
  return {
    kind: 'webhook',
    subscribers: async () => (await store.webhooks()).filter(({ disabled }) => !disabled).map(subscriber),
    send: async (delivery, signal) => {
      const endpoint = await store.webhook(delivery.target);
      if (endpoint === undefined) return { state: 'skipped', error: 'the endpoint was removed' };
      if (endpoint.disabled) return { state: 'skipped', error: 'the endpoint is disabled' };
      const body = await bodyOf(store, delivery);
      if (body === undefined) return { state: 'skipped', error: 'the event is not kept any more' };
      return send(endpoint, delivery, body, options, signal);
    },
    noted: (delivery, outcome, now) => note(store, delivery, outcome, now),
  };
}

function subscriber({ id, account, events, hearsFrom }: WebhookEndpoint): Subscriber {
  const all = events.includes('*');
  return { target: id, account, wants: ({ type, at }) => at >= hearsFrom && (all || events.includes(type)) };
}

async function bodyOf(store: ServerStore, delivery: Delivery): Promise<string | undefined> {
  const { eventId } = delivery;
  if (eventId === undefined) return testPayload(delivery);
  const [event] = await store.events({ after: eventId - 1, count: 1 });
  return event?.id === eventId ? eventPayload(event) : undefined;
}

async function send(
  endpoint: WebhookEndpoint,
  delivery: Delivery,
  body: string,
  { allowPrivate, version }: WebhookOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  const message = { id: messageId(delivery), timestamp: Math.floor(Date.now() / 1000), body };
  const headers = {
    'content-type': 'application/json',
    'user-agent': `esim-rsp/${version}`,
    ...signedHeaders(message, endpoint),
  };
  const url = new URL(endpoint.url);
  if (url.protocol !== 'https:' && !allowPrivate)
    return { state: 'refused', error: 'plain http is not allowed (any more)' };
  try {
    const { status, ...more } = await post({
      url,
      headers,
      body,
      allowPrivate,
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    if (status >= 200 && status < 300) return { state: 'delivered', status };
    return { state: 'refused', status, error: errorOf(status), ...more };
  } catch (error) {
    signal.throwIfAborted();
    return { state: 'refused', error: failureOf(error) };
  }
}

const GONE = 410;

function errorOf(status: number): string {
  if (status === GONE) return 'answered 410: the receiver wants no more';
  if (status >= 300 && status < 400) return `answered ${status}: redirects are not followed`;
  return `answered ${status}`;
}

/** Keeps in mind whether the endpoint works, and disables one that does not. */
async function note(store: ServerStore, { target }: Delivery, outcome: Outcome, now: number): Promise<void> {
  if (outcome.state === 'skipped') return;
  const found = await store.webhook(target);
  if (outcome.state === 'delivered' && found?.failingSince === undefined) return;
  const after = await store.changeWebhook(target, (endpoint) => noted(endpoint, outcome, now));
  if (after?.disabled !== undefined)
    await store.skipDeliveries({ kind: 'webhook', target }, after.disabled.reason);
}

/** The endpoint after an attempt. */
export function noted(endpoint: WebhookEndpoint, outcome: Outcome, now: number): WebhookEndpoint {
  if (outcome.state === 'skipped') return endpoint;
  const { failingSince = now, ...others } = endpoint;
  if (outcome.state === 'delivered') return others;
  const failing = { ...others, failingSince };
  if (endpoint.disabled !== undefined) return failing;
  if (outcome.status === GONE) return { ...failing, disabled: { at: now, reason: errorOf(GONE) } };
  if (now - failingSince < PATIENCE_MS) return failing;
  const since = new Date(failingSince).toISOString();
  return {
    ...failing,
    disabled: { at: now, reason: `every delivery has failed since ${since}: ${outcome.error}` },
  };
}
