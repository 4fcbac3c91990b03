import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** Whether the request came by TLS, here or at the proxy in front. */
export function cameByTls({ socket }: Pick<IncomingMessage, 'socket'>, isBehindTls: boolean): boolean {
  return isBehindTls || (socket as Partial<TLSSocket>).encrypted === true;
}

/** With the prefix, browsers take it from this host only, and by TLS only. */
function nameOf(isTls: boolean): string {
  return isTls ? '__Host-esim_session' : 'esim_session';
}

/** The token in the cookie of a request; undefined: it has none. */
export function tokenIn(cookies: string | undefined, isTls: boolean): string | undefined {
  if (cookies === undefined) return undefined;
  const begin = `${nameOf(isTls)}=`;
  const found = cookies.split(';').find((one) => one.trim().startsWith(begin));
  const token = found?.trim().slice(begin.length);
  return token !== undefined && /^[\w-]{43}$/.test(token) ? token : undefined;
}

/** The header that gives a browser its token. */
export function cookieWith(token: string, isTls: boolean, seconds: number): string {
  const secure = isTls ? '; Secure' : '';
  return `${nameOf(isTls)}=${token}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

/** The header that takes it away. */
export function endOfCookie(isTls: boolean): string {
  return cookieWith('', isTls, 0);
}
