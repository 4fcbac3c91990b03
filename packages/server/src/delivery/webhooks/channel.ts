import type { StoredEvent } from '../../store/ports/events.ts';
import type { AlertStore } from '../../store/ports/mail/alerts.ts';
import type { Delivery, OutboxStore } from '../../store/ports/outbox.ts';
import { ANCHOR_EVENT_TYPE, STOCK_EVENT_TYPE } from '../../store/ports/webhook-event-types.ts';
import type { WebhookEndpoint, WebhookStore } from '../../store/ports/webhooks.ts';
import { type Channel, isSince, type Outcome, type Subscriber } from '../channel.ts';
import { alertMails } from '../mail/alert-mails.ts';
import { GIVE_UP_AFTER_MS } from '../settle.ts';
import { anchorPayload, eventPayload, stockPayload, testPayload } from './payload.ts';
import { describeStatus, GONE, type SendOptions, sendSigned } from './send.ts';

/** The records that it reads and writes. */
type WebhookChannelStore = WebhookStore &
  Pick<OutboxStore, 'skipDeliveries'> &
  Pick<AlertStore, 'mailRecipients'>;

export type WebhookOptions = SendOptions & {
  /** Whether alerts are sent by mail. */
  readonly sendsMail?: boolean;
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
      return sendSigned(endpoint, { delivery, body }, options, attempt);
    },
    afterAttempt: (delivery, outcome, now) =>
      recordAttempt(store, { delivery, outcome, sendsMail: options.sendsMail ?? false }, now),
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
  if (delivery.type === STOCK_EVENT_TYPE) return stockPayload(delivery);
  if (delivery.type === ANCHOR_EVENT_TYPE)
    return anchorPayload(delivery.facts?.line ?? '', Number(delivery.facts?.at));
  if (delivery.eventId === undefined) return testPayload(delivery);
  return event && eventPayload(event);
}

type Recorded = { readonly delivery: Delivery; readonly outcome: Outcome; readonly sendsMail: boolean };

/** Stores since when the endpoint fails, and disables it after 410 or three days of failures. */
async function recordAttempt(
  store: WebhookChannelStore,
  { delivery: { target }, outcome, sendsMail }: Recorded,
  now: number,
): Promise<void> {
  if (outcome.state === 'skipped') return;
  const found = await store.webhook(target);
  if (outcome.state === 'delivered' && found?.failingSince === undefined) return;
  const isLast = found !== undefined && updateEndpoint(found, outcome, now).disabled !== undefined;
  const recipients = isLast && sendsMail ? await store.mailRecipients(found.account) : [];
  const after = await store.updateWebhook(
    target,
    (endpoint) => updateEndpoint(endpoint, outcome, now),
    (before, { disabled }) =>
      before.disabled !== undefined || disabled === undefined
        ? []
        : alertMails(recipients, 'webhook_disabled', { webhook_id: target, reason: disabled.reason }, now),
  );
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
