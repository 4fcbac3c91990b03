import type {
  CoreDelivery,
  CreateWebhookRequest,
  MailDelivery,
  OperatorDelivery,
  Webhook,
  WebhookDelivery,
  WebhookWithSecret,
} from '@esim-rsp/sdk';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { CliError } from '../command.ts';
import { contentOf } from './parameters.ts';

export type WebhookEvents = NonNullable<CreateWebhookRequest['events']>;

/** Event types, separated by commas. The server checks that they exist. */
export function eventsFrom(text: string): WebhookEvents {
  if (text === '*' || text === 'all') return ['*'];
  if (!/^[a-z_]+\.[a-z_]+(,[a-z_]+\.[a-z_]+)*$/.test(text))
    throw new ValueError(
      'event types separated by commas are expected, such as profile.installed,profile.error',
    );
  return [...new Set(text.split(','))] as WebhookEvents;
}

export function webhookId(text: string): string {
  if (/^we_[0-9a-f]{24}$/.test(text)) return text;
  throw new ValueError("an id from 'esim webhook list' is expected");
}

/** Reads the secret from a file or stdin. An option would show it in shell histories and process lists. */
export async function readSecret(file: string | undefined): Promise<{ secret?: string }> {
  if (file === undefined) return {};
  const secret = (await contentOf(file)).toString('utf8').trim();
  if (!/^whsec_[A-Za-z0-9+/=]+$/.test(secret))
    throw new CliError(`${file} does not contain a secret: whsec_ and base64 are expected`, 2);
  return { secret };
}

/** The condition of a webhook: enabled, disabled or failing. */
export function conditionOf({ disabled, disabled_reason, first_failed_at }: Webhook): string {
  if (disabled) return `disabled: ${disabled_reason ?? ''}`;
  return first_failed_at === undefined ? 'enabled' : `failing since ${first_failed_at}`;
}

export function webhookFields(webhook: Webhook | WebhookWithSecret): [string, string][] {
  const { id, url, events, description, created_at, previous_secret_expires_at: until } = webhook;
  return [
    ['id', id],
    ['url', url],
    ['events', events.includes('*') ? 'all' : events.join(', ')],
    ...(description === '' ? [] : [['description', description] satisfies [string, string]]),
    ['condition', conditionOf(webhook)],
    ['created at', created_at],
    ...(until === undefined ? [] : [['previous secret expires at', until] satisfies [string, string]]),
    ...('secret' in webhook ? [['secret', webhook.secret] satisfies [string, string]] : []),
  ];
}

type Delivery = WebhookDelivery | OperatorDelivery | MailDelivery | CoreDelivery;

/** The result of a delivery: the answer or the error, and the next attempt. */
export function resultOf({ last_status, last_error, next_attempt_at, attempts }: Delivery): string {
  if (last_error !== undefined && next_attempt_at !== undefined && attempts > 0)
    return `${last_error}; next attempt at ${next_attempt_at}`;
  return last_error ?? (last_status === undefined ? '' : `answered ${last_status}`);
}

export function deliveryCells(delivery: Delivery): string[] {
  const { id, created_at, type, iccid = '', state, attempts } = delivery;
  const subject = 'to' in delivery ? [iccid, delivery.to].filter((one) => one !== '').join(' ') : iccid;
  return [String(id), created_at, type, subject, state, String(attempts), resultOf(delivery)];
}
