import type { IncomingMessage } from 'node:http';

/**
 * The IP address of the client. Behind a trusted proxy: the last entry of X-Forwarded-For, which the proxy added; the
 * client can forge the entries before it.
 */
export function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.headers['x-forwarded-for'] : undefined;
  const text = Array.isArray(forwarded) ? forwarded.join(',') : forwarded;
  return text?.split(',').at(-1)?.trim().slice(0, 64) || (request.socket.remoteAddress ?? '');
}
