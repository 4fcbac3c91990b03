import type { IncomingMessage } from 'node:http';

/**
 * Where a request comes from. Behind a proxy that is trusted, that is what the proxy says last in X-Forwarded-For: what
 * stands before it anybody may have written.
 */
export function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.headers['x-forwarded-for'] : undefined;
  const text = Array.isArray(forwarded) ? forwarded.join(',') : forwarded;
  return text?.split(',').at(-1)?.trim().slice(0, 64) || (request.socket.remoteAddress ?? '');
}
