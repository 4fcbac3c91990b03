import type { ApiKeyStore } from '../../store/ports/api-keys.ts';

/** How often long work looks whether the key that asked for it is still valid. */
export const LOOK_FOR_KEY_MS = 1000;

/** Whether a key has expired, also by revocation and rotation, or cannot be looked up. */
export async function hasKeyEnded(
  store: Pick<ApiKeyStore, 'apiKeys'>,
  account: string,
  keyId: string,
): Promise<boolean> {
  try {
    const key = (await store.apiKeys(account)).find(({ id }) => id === keyId);
    return key === undefined || (key.expiresAt ?? Number.POSITIVE_INFINITY) * 1000 <= Date.now();
  } catch {
    return true;
  }
}
