import { type Static, Type } from '@sinclair/typebox';
import { about, extending, literals, named } from '../../shapes/shape.ts';
import { Time, timeOfSeconds } from '../../shapes/time.ts';
import type { ApiKey as StoredKey } from '../../store/ports/api-keys.ts';
import { scopes } from '../../store/ports/scopes.ts';

export const ApiKeyScope = named(
  'ApiKeyScope',
  literals(scopes, 'What a key may do: read; order, which includes read; admin, which includes everything'),
);

export const apiKeyExample = {
  id: '5d1c9a72f04be138',
  name: 'shop',
  scope: 'order',
  created_at: '2025-10-09T08:53:20Z',
  last_used_at: '2025-10-09T09:53:20Z',
};

export const ApiKey = Type.Object(
  {
    id: Type.String({ description: '16 hexadecimal digits' }),
    name: Type.Optional(Type.String({ description: 'Your name for the key' })),
    scope: about('What the key may do', ApiKeyScope),
    created_at: Time('When the key was created'),
    expires_at: Type.Optional(Time('When the key expires; absent: never')),
    last_used_at: Type.Optional(Time('The last use, to the minute; absent: never')),
  },
  { $id: 'ApiKey', description: 'An API key, without the key itself', examples: [apiKeyExample] },
);
export type ApiKey = Static<typeof ApiKey>;

export const NewApiKey = Type.Object(
  { ...ApiKey.properties, api_key: Type.String({ description: 'The key itself: it is shown once' }) },
  {
    ...extending(ApiKey),
    $id: 'NewApiKey',
    description: 'A new API key',
    examples: [{ ...apiKeyExample, api_key: 'esk_0123456789abcdefghijklmnopqrstuv' }],
  },
);

export const KeyParams = Type.Object({
  id: Type.String({
    pattern: '^[0-9a-f]{16}$',
    description: 'The id of a key',
    examples: [apiKeyExample.id],
  }),
});

/** A key in an answer: never the key itself. */
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
