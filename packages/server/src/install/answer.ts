import type { ServerResponse } from 'node:http';

/** An answer to a request for a page, or for what a page loads. */
export type PageAnswer = {
  readonly status: number;
  /** Names and values of header fields, one after the other. */
  readonly fields: readonly string[];
  readonly body?: string | Uint8Array;
};

/**
 * Pages have no inline script, no inline style, and nothing of another host. A person who has the address of a page has the code, so it must not get into
 * a Referer, a search engine or a cache.
 */
const COMMON = {
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow, noarchive',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
};

export function fieldsOf(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries({ ...COMMON, ...headers }).flat();
}

const HTML = { 'content-type': 'text/html; charset=utf-8', vary: 'accept-language, user-agent' };
const htmlFields = fieldsOf(HTML);

export function page(
  status: number,
  body: string | Uint8Array,
  headers?: Readonly<Record<string, string>>,
): PageAnswer {
  return { status, fields: headers === undefined ? htmlFields : fieldsOf({ ...HTML, ...headers }), body };
}

/** Fields as a list, and all of them here, are what `writeHead` takes with the least work. */
export function sendAnswer(
  response: ServerResponse,
  requestId: string,
  { status, fields, body = '' }: PageAnswer,
): void {
  if (response.destroyed || response.headersSent) return;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  response.writeHead(status, [...fields, 'content-length', String(length), 'x-request-id', requestId]);
  response.end(body);
}
