import { hash } from 'node:crypto';
import type { Random } from '@esim-rsp/sgp22/crypto/random';

/** 192 random bits: too many to try. */
const TOKEN_BYTES = 24;
const TOKEN = /^[A-Za-z0-9_-]{32}$/;

/** Where the install pages are, below the public address. */
export const INSTALL_PATH = '/i/';

export function createToken(random: Random): string {
  return Buffer.from(random(TOKEN_BYTES)).toString('base64url');
}

/** What the store knows of a token. undefined: a text that is no token. */
export function hashOfToken(token: string): string | undefined {
  return TOKEN.test(token) ? hash('sha256', token, 'base64url') : undefined;
}

/** `address`: the public address of the install pages. */
export function urlOfToken(address: string, token: string): string {
  return `${address}${INSTALL_PATH}${token}`;
}
