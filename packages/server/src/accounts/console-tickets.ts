import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import type { ApiKey, ApiKeyStore } from '../store/ports/api-keys.ts';
import type { ConsoleSessionStore } from '../store/ports/people/console-sessions.ts';
import { covers, scopes } from '../store/ports/permissions.ts';

/** A token or ticket of 256 random bits. */
export function generateToken(random: Random): string {
  return Buffer.from(random(32)).toString('base64url');
}

/** SHA-256 of a token or a ticket. The store has only this hash. */
export function tokenHash(token: string): Uint8Array {
  return sha256(Buffer.from(token));
}

/** How long a link to the console can be used. */
export const LINK_SECONDS = 600;

/** The link of a ticket. The part after # stays in the browser: it is in no log of a server or a proxy. */
export function consoleLink(baseUrl: string, ticket: string): string {
  return `${baseUrl.replace(/\/+$/, '')}/console/enter#${ticket}`;
}

export type NewLink = {
  readonly account: string;
  /** Absent: the oldest key that may do everything. */
  readonly keyId?: string;
  /** The URL of the server, before /console. */
  readonly baseUrl: string;
  readonly random: Random;
  /** Unix milliseconds. */
  readonly now: number;
};

/** Creates a link that signs somebody in to the console, once, with a key of the account; undefined: it has no such key. */
export async function createConsoleLink(
  store: Pick<ApiKeyStore, 'validApiKeys'> & Pick<ConsoleSessionStore, 'addConsoleTicket'>,
  { account, keyId, baseUrl, random, now }: NewLink,
): Promise<{ readonly link: string; readonly key: ApiKey; readonly endsAt: number } | undefined> {
  const seconds = Math.floor(now / 1000);
  const keys = await store.validApiKeys(account, seconds);
  const key = keys
    .filter(({ id, permissions }) => (keyId === undefined ? covers(permissions, scopes.admin) : id === keyId))
    .toSorted((a, b) => a.createdAt - b.createdAt)[0];
  if (key === undefined) return undefined;
  const ticket = generateToken(random);
  const endsAt = seconds + LINK_SECONDS;
  await store.addConsoleTicket({ hash: tokenHash(ticket), account, keyId: key.id, endsAt }, seconds);
  return { link: consoleLink(baseUrl, ticket), key, endsAt };
}
