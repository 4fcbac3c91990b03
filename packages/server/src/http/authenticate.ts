import { sameSecret } from '@esim-rsp/sgp22/crypto/digest';
import { apiKeyHash } from '../accounts.ts';
import { recent } from '../keys/recent.ts';
import type { ServerStore } from '../store/port.ts';
import { HttpProblem } from './problem.ts';

/** Keys are looked up again after this time, so that one that was taken away stops working. */
const TRUSTED_MILLISECONDS = 2000;
const ACCOUNTS = 1000;

type Known = { readonly hashes: readonly Uint8Array[]; readonly until: number };
type Presented = Readonly<Record<string, string | string[] | undefined>>;

const unauthorized = (detail: string) => new HttpProblem(401, 'unauthorized', detail);

/**
 * Who calls: x-user-id names the account, x-api-key must be one of its keys. Resolves to the account, or throws 401. Only
 * hashes are compared, in constant time. Keys found are trusted for a moment; a key that does not fit is looked up anew.
 */
export function authenticator(store: ServerStore): (headers: Presented) => string | Promise<string> {
  const known = recent<Known>(ACCOUNTS);

  const lookedUp = async (userId: string, hash: Uint8Array): Promise<string> => {
    const hashes = (await store.apiKeys(userId)).map((key) => key.hash);
    if (!holds(hashes, hash))
      throw unauthorized('x-user-id and x-api-key do not belong together, or the key is not valid');
    known.set(userId, { hashes, until: Date.now() + TRUSTED_MILLISECONDS });
    return userId;
  };

  return (headers) => {
    const { 'x-user-id': userId, 'x-api-key': apiKey } = headers;
    if (typeof userId !== 'string' || typeof apiKey !== 'string' || userId === '' || apiKey === '')
      throw unauthorized('send both headers, x-user-id and x-api-key');
    if (userId.length > 256 || apiKey.length > 512) throw unauthorized('x-user-id or x-api-key is too long');
    const hash = apiKeyHash(apiKey);
    const entry = known.get(userId);
    if (entry !== undefined && entry.until > Date.now() && holds(entry.hashes, hash)) return userId;
    return lookedUp(userId, hash);
  };
}

function holds(hashes: readonly Uint8Array[], hash: Uint8Array): boolean {
  let found = false;
  for (const candidate of hashes) found = sameSecret(candidate, hash) || found;
  return found;
}
