import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { isPrivateLiteral } from '../outbound/resolve.ts';

const ES2_PATH = '/gsma/rsp2/es2plus';
const LOCAL = /(^|\.)localhost\.?$/;

/**
 * Reads the URL of an upstream, with the prefix of its path if it has one; throws a ValueError if the server would not call it. The path of
 * ES2+ at its end is left out. A host name is looked up at each call, because its address can change.
 */
export function parseUpstreamUrl(text: string, allowPrivate: boolean): string {
  const refuse = (expected: string) => new ValueError(expected, { field: 'url' });
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'https:')
    throw refuse('must be a URL such as https://host:8444/prefix');
  if (url.username !== '' || url.password !== '') throw refuse('must be without user name and password');
  if (url.hash !== '' || url.search !== '') throw refuse('must be without a query and a fragment');
  if (!allowPrivate && (isPrivateLiteral(url) || LOCAL.test(url.hostname)))
    throw refuse('is in a private network (the server allows that with ESIM_UPSTREAM_ALLOW_PRIVATE=1)');
  const prefix = url.pathname.replace(/\/+$/, '');
  return `${url.origin}${prefix.endsWith(ES2_PATH) ? prefix.slice(0, -ES2_PATH.length) : prefix}`;
}
