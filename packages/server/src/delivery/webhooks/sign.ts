import { createHmac } from 'node:crypto';
import type { WebhookSecret } from '../../store/ports/webhook-secret.ts';
import type { WebhookEndpoint } from '../../store/ports/webhooks.ts';

export type Message = {
  readonly id: string;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly body: string;
};

/** One signature of Standard Webhooks 1.0: HMAC-SHA256 over id, timestamp and body. */
export function sign({ id, timestamp, body }: Message, { key }: WebhookSecret): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** The headers of Standard Webhooks 1.0. During a rotation there is one signature per secret. */
export function signedHeaders(
  message: Message,
  { secret, previous }: Pick<WebhookEndpoint, 'secret' | 'previous'>,
): Record<string, string> {
  const secrets = [secret];
  if (previous !== undefined && message.timestamp * 1000 < previous.until) secrets.push(previous.secret);
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestamp),
    'webhook-signature': secrets.map((one) => sign(message, one)).join(' '),
  };
}
