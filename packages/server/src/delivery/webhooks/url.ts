import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { isPrivateLiteral } from '../outbound/resolve.ts';

const LOCAL = /(^|\.)localhost\.?$/;

/**
 * Reads the URL of an endpoint; throws a ValueError if the server would not send to it. A host name is looked up at each
 * attempt, because its address can change.
 */
export function parseWebhookUrl(text: string, allowPrivate: boolean): string {
  const refuse = (expected: string) => new ValueError(expected, { field: 'url' });
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw refuse('must be a URL such as https://host/path');
  if (url.username !== '' || url.password !== '') throw refuse('must be without user name and password');
  if (url.hash !== '') throw refuse('must be without a fragment');
  if (allowPrivate) return url.href;
  if (url.protocol !== 'https:')
    throw refuse('must begin with https:// (the server allows http with ESIM_WEBHOOK_ALLOW_PRIVATE=1)');
  if (isPrivateLiteral(url) || LOCAL.test(url.hostname))
    throw refuse('is in a private network (the server allows that with ESIM_WEBHOOK_ALLOW_PRIVATE=1)');
  return url.href;
}
