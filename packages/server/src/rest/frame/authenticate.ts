import { sameSecret } from '@esim-rsp/sgp22/crypto/digest';
import { apiKeyHash } from '../../accounts/accounts.ts';
import { createLruCache } from '../../limits/lru-cache.ts';
import type { ApiKey, ApiKeyStore } from '../../store/ports/api-keys.ts';
import type { Person } from '../../store/ports/people/people.ts';
import type { Permission } from '../../store/ports/permissions.ts';
import { HttpProblem } from './problem.ts';

/** Keys are looked up again after this time, so that one that was taken away stops working. */
const TRUSTED_MILLISECONDS = 2000;
const ACCOUNTS = 1000;

/** Who calls, by which key, and what that may do. */
export type Caller = {
  readonly account: string;
  /** The id of the key, or of the person who has signed in. */
  readonly keyId: string;
  readonly permissions: readonly Permission[];
  /** Instead of the key itself, a browser that has signed in shows a cookie. */
  readonly session?: CallerSession;
};

/** What long work asks again and again, whether it is still valid. */
export type CallerKey = Pick<Caller, 'account' | 'keyId' | 'session'>;

export type CallerSession = {
  readonly id: string;
  /** SHA-256 of its token, in hexadecimal digits. */
  readonly hash: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly endsAt: number;
  /** Absent: it was started with a key. */
  readonly person?: Pick<Person, 'id' | 'name' | 'email'>;
};

type Known = { readonly keys: readonly Kept[]; readonly until: number };
type Kept = Pick<ApiKey, 'hash' | 'expiresAt'> & { readonly caller: Caller };
type Presented = Readonly<Record<string, string | string[] | undefined>>;

const unauthorized = (detail: string) => new HttpProblem(401, 'unauthorized', detail);

/** Whether a request shows a key, or a part of what belongs to one. */
export function showsKey({ 'x-user-id': userId, 'x-api-key': apiKey }: Presented): boolean {
  return Boolean(userId) || Boolean(apiKey);
}

/**
 * Who calls: x-user-id names the account, x-api-key must be one of its keys. Gives the caller, or throws 401. Only
 * hashes are compared, in constant time. Keys found are trusted for a moment; an unknown key is looked up again.
 */
export function authenticator(
  store: Pick<ApiKeyStore, 'validApiKeys'>,
): (headers: Presented) => Caller | Promise<Caller> {
  const known = createLruCache<Known>(ACCOUNTS);

  const lookedUp = async (userId: string, hash: Uint8Array): Promise<Caller> => {
    const now = Date.now();
    const keys = (await store.validApiKeys(userId, Math.floor(now / 1000))).map(kept);
    const caller = callerWith(keys, hash, now);
    if (caller === undefined)
      throw unauthorized('x-user-id and x-api-key do not belong together, or the key is not valid');
    known.set(userId, { keys, until: now + TRUSTED_MILLISECONDS });
    return caller;
  };

  return (headers) => {
    const { 'x-user-id': userId, 'x-api-key': apiKey } = headers;
    if (typeof userId !== 'string' || typeof apiKey !== 'string' || userId === '' || apiKey === '')
      throw unauthorized('send both headers, x-user-id and x-api-key, or sign in');
    if (userId.length > 256 || apiKey.length > 512) throw unauthorized('x-user-id or x-api-key is too long');
    const hash = apiKeyHash(apiKey);
    const entry = known.get(userId);
    const now = Date.now();
    const caller = entry !== undefined && entry.until > now ? callerWith(entry.keys, hash, now) : undefined;
    return caller ?? lookedUp(userId, hash);
  };
}

function kept({ id: keyId, account, hash, permissions, expiresAt }: ApiKey): Kept {
  return { hash, caller: { account, keyId, permissions }, ...(expiresAt !== undefined && { expiresAt }) };
}

/** Every key is compared, whether or not one has fitted already. */
function callerWith(keys: readonly Kept[], hash: Uint8Array, now: number): Caller | undefined {
  let found: Caller | undefined;
  for (const { hash: candidate, caller, expiresAt } of keys)
    if (sameSecret(candidate, hash) && (expiresAt === undefined || expiresAt * 1000 > now)) found = caller;
  return found;
}
