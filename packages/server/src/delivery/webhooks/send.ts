import type { LookupFunction } from 'node:net';
import type { Delivery } from '../../store/ports/outbox.ts';
import type { WebhookEndpoint } from '../../store/ports/webhooks.ts';
import type { Attempt, Outcome } from '../channel.ts';
import { describeFailure, post } from '../outbound/post.ts';
import { messageId } from './payload.ts';
import { signedHeaders } from './sign.ts';

const TIMEOUT_MS = 10_000;

export type SendOptions = {
  readonly allowPrivate: boolean;
  readonly lookUp: LookupFunction;
  readonly version: string;
};

/** Sends a message once, as Standard Webhooks 1.0 specifies. Rejects if the signal aborts. */
export async function sendSigned(
  endpoint: Pick<WebhookEndpoint, 'url' | 'secret' | 'previous'>,
  { delivery, body }: { readonly delivery: Delivery; readonly body: string },
  { allowPrivate, lookUp, version }: SendOptions,
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

export const GONE = 410;

export function describeStatus(status: number): string {
  if (status === GONE) return 'answered 410 Gone: the receiver wants no more events';
  if (status >= 300 && status < 400) return `answered ${status}: redirects are not followed`;
  return `answered ${status}`;
}
