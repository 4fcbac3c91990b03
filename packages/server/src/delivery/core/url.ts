import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { CoreKind } from '../../store/ports/gateway/core-networks.ts';
import { isPrivateLiteral } from '../outbound/resolve.ts';
import { membersOf } from './kind-members.ts';

const LOCAL = /(^|\.)localhost\.?$/;

/** Schemes whose connections have TLS. */
const SECURE = ['https:'];

export function hasTls(url: string): boolean {
  return SECURE.some((scheme) => url.startsWith(scheme));
}

const defaultPorts: Readonly<Record<string, string>> = { 'ctrl:': '4259', 'mongodb:': '27017' };

/**
 * Reads the URL of a core network; throws a ValueError if the server would not call it. A host name is looked up at each attempt, because its
 * address can change.
 */
export function parseCoreUrl(kind: CoreKind, text: string, allowPrivate: boolean): string {
  const refuse = (expected: string) => new ValueError(expected, { field: 'url' });
  const url = URL.parse(text);
  const { schemes } = membersOf[kind];
  const expected = schemes.map((one) => `${one}//host`).join(' or ');
  if (url === null || url.hostname === '' || !schemes.includes(url.protocol))
    throw refuse(`must be ${expected}`);
  if (url.username !== '' || url.password !== '')
    throw refuse('must be without user name and password: they have members of their own');
  if (url.hash !== '' || url.search !== '') throw refuse('must be without a query and a fragment');
  if (!allowPrivate && !hasTls(url.protocol))
    throw refuse(
      'has no TLS, so keys would travel in the clear (the server allows that with ESIM_CORE_ALLOW_PRIVATE=1)',
    );
  if (!allowPrivate && (isPrivateLiteral(url) || LOCAL.test(url.hostname)))
    throw refuse('is in a private network (the server allows that with ESIM_CORE_ALLOW_PRIVATE=1)');
  const port = url.port || defaultPorts[url.protocol];
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.protocol}//${url.hostname}${port === undefined ? '' : `:${port}`}${path}`;
}
