import type { WebhookMessage } from '../models.ts';
import { headerIn, type WebhookHeaders } from './headers.ts';

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

/** The body of a message, unchanged: bytes, or their text. */
export type WebhookBody = string | Uint8Array | ArrayBuffer;

export interface UnwrapOptions {
  /** Seconds that the clocks of sender and receiver may differ; default 300; `Infinity` accepts messages of any age. */
  tolerance?: number;
}

/**
 * Returns the message to a webhook, if it was signed with the secret (Standard Webhooks 1.0) within the last five minutes;
 * rejects with `WebhookVerificationError` otherwise. `body` is the body as it arrived: one that was parsed and written again
 * has another signature. While a secret is rotated, pass the old and the new one.
 */
async function unwrap(
  body: WebhookBody,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  { tolerance = 300 }: UnwrapOptions = {},
): Promise<WebhookMessage> {
  if (!(tolerance >= 0))
    throw new RangeError(`tolerance is a number of seconds, 0 or more; it is ${tolerance}.`);
  const id = header(headers, 'webhook-id');
  const timestamp = header(headers, 'webhook-timestamp');
  const signatures = signaturesIn(header(headers, 'webhook-signature'));
  mustBeRecent(timestamp, Date.now() / 1000, tolerance);
  const bytes = bytesOf(body);
  const content = contentToSign(id, timestamp, bytes);
  for (const key of await Promise.all([secret].flat().map(keyOf)))
    for (const one of signatures) if (await isSignedBy(key, one, content)) return parse(bytes);
  throw new WebhookVerificationError('bad_signature', 'No signature matches this secret.');
}

export interface SignOptions {
  /** The id of the message; default: a random one. */
  id?: string;
  /** Unix seconds; default: now. */
  timestamp?: number;
}

/**
 * The headers of a message as the server signs it, for tests of a receiver. With several secrets there are several signatures,
 * as while a secret is rotated.
 */
async function sign(
  body: WebhookBody,
  secret: string | readonly string[],
  {
    id = `msg_${Math.random().toString(36).slice(2)}`,
    timestamp = Math.floor(Date.now() / 1000),
  }: SignOptions = {},
): Promise<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const content = contentToSign(id, String(timestamp), bytesOf(body));
  const signatures = [secret].flat().map(async (one) => {
    const mac = await crypto.subtle.sign('HMAC', await keyOf(one), content);
    return `v1,${btoa(String.fromCharCode(...new Uint8Array(mac)))}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': (await Promise.all(signatures)).join(' '),
  };
}

/** Receiving webhooks, and signing messages for tests. */
export const webhooks = { unwrap, sign };

function header(headers: WebhookHeaders, name: string): string {
  const value = headerIn(headers, name);
  if (value !== undefined) return value;
  throw new WebhookVerificationError('missing_header', `There is no header ${name}.`);
}

/**
 * The MACs of version 1, in base64. Signatures are separated by spaces, or by commas where headers were joined; the comma after
 * the version is none of these, also where the MAC itself starts like a version.
 */
function signaturesIn(list: string): readonly string[] {
  return [...list.matchAll(/(?:^|[\s,])v1,([^\s,]+)/g)].map(([, mac = '']) => mac);
}

function mustBeRecent(timestamp: string, now: number, tolerance: number): void {
  if (!/^\d{1,12}$/.test(timestamp))
    throw new WebhookVerificationError('bad_timestamp', 'webhook-timestamp is no number of seconds.');
  const age = now - Number(timestamp);
  if (age > tolerance)
    throw new WebhookVerificationError('too_old', `The message is older than ${tolerance} seconds.`);
  if (age < -tolerance)
    throw new WebhookVerificationError(
      'too_new',
      "The message is from the future: is this machine's clock right?",
    );
}

function bytesOf(body: WebhookBody): Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  if (Object.prototype.toString.call(body) === '[object ArrayBuffer]') return new Uint8Array(body);
  const message =
    'The body must be the bytes or the text as they arrived, and not what a JSON parser made of them.';
  throw new WebhookVerificationError('bad_body', message);
}

/** What the signature covers: id, timestamp and body, with dots between them. */
function contentToSign(id: string, timestamp: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const start = new TextEncoder().encode(`${id}.${timestamp}.`);
  const all = new Uint8Array(start.length + body.length);
  all.set(start);
  all.set(body, start.length);
  return all;
}

/** The error does not contain the secret. */
async function keyOf(secret: string): Promise<CryptoKey> {
  const bytes = secret.startsWith('whsec_') ? fromBase64(secret.slice('whsec_'.length)) : undefined;
  if (bytes === undefined || bytes.length === 0)
    throw new WebhookVerificationError('bad_secret', 'The secret is not whsec_ and base64.');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}

/** `verify` compares in constant time. */
async function isSignedBy(
  key: CryptoKey,
  base64: string,
  content: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const mac = fromBase64(base64);
  return mac !== undefined && crypto.subtle.verify('HMAC', key, mac, content);
}

function parse(bytes: Uint8Array): WebhookMessage {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as WebhookMessage;
  } catch {
    throw new WebhookVerificationError('bad_body', 'The body is signed, but is not JSON.');
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}
