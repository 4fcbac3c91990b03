import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { isClosedLiteral } from '../outbound/resolve.ts';

const LOCAL = /(^|\.)localhost\.?$/;

/**
 * The address of an endpoint; throws a ValueError for one that nothing would be sent to. A name is looked up when
 * something is sent, each time: what it points to can change.
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
  if (isClosedLiteral(url) || LOCAL.test(url.hostname))
    throw refuse('is in a private network (the server allows that with ESIM_WEBHOOK_ALLOW_PRIVATE=1)');
  return url.href;
}
