import type { WebhookMessage } from './models.ts';

export type WebhookErrorCode =
  | 'bad_secret'
  | 'missing_header'
  | 'bad_timestamp'
  | 'too_old'
  | 'too_new'
  | 'bad_signature'
  | 'bad_body';

/** The message cannot be trusted: answer 400 and do nothing else. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
  readonly code: WebhookErrorCode;

  constructor(code: WebhookErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** `Headers`, or an object such as Node's `request.headers`. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Seconds that the clocks of sender and receiver may differ. */
const TOLERANCE = 300;

/**
 * Returns the message to a webhook, if it was signed with the secret (Standard Webhooks 1.0) within the last five minutes; rejects
 * with `WebhookVerificationError` otherwise. `body` is the body as it came: one that was parsed and written again has
 * another signature. While a secret is rotated, give the old and the new one.
 */
async function unwrap(
  body: string | Uint8Array<ArrayBuffer> | ArrayBuffer,
  headers: WebhookHeaders,
  secret: string | readonly string[],
): Promise<WebhookMessage> {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    header(headers, name),
  ) as [string, string, string];
  mustBeRecent(timestamp, Date.now() / 1000);
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body);
  const signed = joined(new TextEncoder().encode(`${id}.${timestamp}.`), bytes);
  const given = signatures.split(' ').filter((one) => one.startsWith('v1,'));
  for (const key of await Promise.all([secret].flat().map(keyOf)))
    for (const one of given) if (await isSignedBy(key, one, signed)) return parsed(bytes);
  throw new WebhookVerificationError('bad_signature', 'No signature matches this secret.');
}

/** Receiving webhooks. */
export const webhooks = { unwrap };

function header(headers: WebhookHeaders, name: string): string {
  const value = isHeaders(headers)
    ? headers.get(name)
    : Object.entries(headers).find(([one]) => one.toLowerCase() === name)?.[1];
  if (typeof value === 'string' && value !== '') return value;
  throw new WebhookVerificationError('missing_header', `There is no header ${name}.`);
}

function isHeaders(headers: WebhookHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function';
}

function mustBeRecent(timestamp: string, now: number): void {
  if (!/^\d{1,12}$/.test(timestamp))
    throw new WebhookVerificationError('bad_timestamp', 'webhook-timestamp is no number of seconds.');
  const age = now - Number(timestamp);
  if (age > TOLERANCE)
    throw new WebhookVerificationError('too_old', `The message is older than ${TOLERANCE} seconds.`);
  if (age < -TOLERANCE)
    throw new WebhookVerificationError(
      'too_new',
      "The message is from the future: is this machine's clock right?",
    );
}

/** An error does not quote the secret. */
async function keyOf(secret: string): Promise<CryptoKey> {
  const bytes = secret.startsWith('whsec_') ? fromBase64(secret.slice('whsec_'.length)) : undefined;
  if (bytes === undefined || bytes.length === 0)
    throw new WebhookVerificationError('bad_secret', 'The secret is not whsec_ and base64.');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

/** `verify` compares in constant time. */
async function isSignedBy(
  key: CryptoKey,
  signature: string,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const mac = fromBase64(signature.slice('v1,'.length));
  return mac !== undefined && crypto.subtle.verify('HMAC', key, mac, signed);
}

function parsed(bytes: Uint8Array): WebhookMessage {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as WebhookMessage;
  } catch {
    throw new WebhookVerificationError('bad_body', 'The body is signed, but is not JSON.');
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
