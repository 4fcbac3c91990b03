import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { HttpProblem } from '../frame/problem.ts';
import type { ConsoleSessions } from '../frame/session/console-sessions.ts';

/** What passkeys are bound to: the domain of the console, and the address in the browser. */
export type RelyingParty = { readonly id: string; readonly origin: string };

/**
 * That of this server; undefined: it has none. The address comes from the settings, because the sender of a request chooses the host in it. Only
 * localhost is taken from there: a browser is on this machine then.
 */
export function relyingPartyOf(
  { publicUrl, isTls }: Pick<ConsoleSessions, 'publicUrl' | 'isTls'>,
  request: FastifyRequest,
): RelyingParty | undefined {
  const { host = '' } = request.headers;
  const local = /^localhost(:\d{1,5})?$/.test(host)
    ? `${isTls(request) ? 'https' : 'http'}://${host}`
    : undefined;
  const origin = publicUrl ?? local;
  if (origin === undefined) return undefined;
  const { hostname, protocol, origin: address } = new URL(origin);
  const isSecure = protocol === 'https:' || hostname === 'localhost';
  return isSecure && isIP(hostname.replace(/^\[|\]$/g, '')) === 0
    ? { id: hostname, origin: address }
    : undefined;
}

export function mustHaveRelyingParty(
  sessions: Pick<ConsoleSessions, 'publicUrl' | 'isTls'>,
  request: FastifyRequest,
): RelyingParty {
  const found = relyingPartyOf(sessions, request);
  if (found !== undefined) return found;
  throw new HttpProblem(
    409,
    'passkeys_not_configured',
    'this server has no passkeys: its operator sets ESIM_CONSOLE_URL to the https address of the console, with a host name',
  );
}
