import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import type { CallerKey } from './authenticate.ts';
import type { Services } from './operation.ts';

/** How often long work looks whether the key or the session that asked for it is still valid. */
export const LOOK_FOR_KEY_MS = 1000;

/** Whether a key has expired, also by revocation and rotation, or a session has ended, or neither can be looked up. */
export async function hasKeyEnded(
  { store, sessions }: Services<Pick<ApiKeyStore, 'validApiKeys'>>,
  { account, keyId, session }: CallerKey,
): Promise<boolean> {
  try {
    if (session !== undefined) return await sessions.hasEnded(session);
    const valid = await store.validApiKeys(account, Math.floor(Date.now() / 1000));
    return !valid.some(({ id }) => id === keyId);
  } catch {
    return true;
  }
}
