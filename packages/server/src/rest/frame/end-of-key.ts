import type { ApiKeyStore } from '../../store/ports/api-keys.ts';

/** How often long work looks whether the key that asked for it is still valid. */
export const LOOK_FOR_KEY_MS = 1000;

/** Whether a key has expired, also by revocation and rotation, or cannot be looked up. */
export async function hasKeyEnded(
  store: Pick<ApiKeyStore, 'validApiKeys'>,
  account: string,
  keyId: string,
): Promise<boolean> {
  try {
    const valid = await store.validApiKeys(account, Math.floor(Date.now() / 1000));
    return !valid.some(({ id }) => id === keyId);
  } catch {
    return true;
  }
}
