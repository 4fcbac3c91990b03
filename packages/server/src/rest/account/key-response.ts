import { timeOfSeconds } from '../../shapes/time.ts';
import type { ApiKey as StoredKey } from '../../store/ports/api-keys.ts';
import type { ApiKey } from './schemas-keys.ts';

/** A key as the REST API shows it: never the key itself. */
export function keyResponse({ id, name, scope, createdAt, expiresAt, lastUsedAt }: StoredKey): ApiKey {
  return {
    id,
    ...(name !== undefined && { name }),
    scope,
    created_at: timeOfSeconds(createdAt),
    ...(expiresAt !== undefined && { expires_at: timeOfSeconds(expiresAt) }),
    ...(lastUsedAt !== undefined && { last_used_at: timeOfSeconds(lastUsedAt) }),
  };
}
