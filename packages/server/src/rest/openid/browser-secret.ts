import { createHash, createHmac } from 'node:crypto';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { generateToken } from '../../accounts/console-tickets.ts';

/**
 * What binds an answer of the provider to the browser that asked: state, nonce and the code verifier of PKCE are derived from one secret in a cookie, so
 * the server stores nothing.
 */
export type BrowserSecret = {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** SHA-256 of the verifier. */
  readonly challenge: string;
};

/** How long somebody may take at the provider. */
const SECONDS = 600;

export function newSecret(random: Random): string {
  return generateToken(random);
}

export function secretOf(token: string): BrowserSecret {
  const derive = (purpose: string) => createHmac('sha256', token).update(purpose).digest('base64url');
  const verifier = derive('verifier');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  return { state: derive('state'), nonce: derive('nonce'), verifier, challenge };
}

/** With the prefix, browsers take it by TLS only, and from this host only. */
function nameOf(isTls: boolean): string {
  return isTls ? '__Host-esim_openid' : 'esim_openid';
}

/** The secret in the cookies of a request; undefined: there is none. */
export function secretIn(cookies: string | undefined, isTls: boolean): string | undefined {
  const begin = `${nameOf(isTls)}=`;
  const found = cookies?.split(';').find((one) => one.trim().startsWith(begin));
  const token = found?.trim().slice(begin.length);
  return token !== undefined && /^[\w-]{43}$/.test(token) ? token : undefined;
}

/** Lax: the provider leads the browser back from its own site. */
export function secretCookie(token: string, isTls: boolean): string {
  const end = token === '' ? 0 : SECONDS;
  const secure = isTls ? '; Secure' : '';
  return `${nameOf(isTls)}=${token}; Path=/; Max-Age=${end}; HttpOnly; SameSite=Lax${secure}`;
}
