import { type Static, Type } from '@sinclair/typebox';
import { Time } from '../../shapes/time.ts';
import { scopes } from '../../store/ports/scopes.ts';

/** The JSON shapes of API keys. */

const Scope = Type.Unsafe<(typeof scopes)[number]>({
  type: 'string',
  enum: [...scopes],
  description: 'What the key may do: read; order, which reads too; or admin, everything',
});

const keyExample = {
  id: '5d1c9a72f04be138',
  name: 'shop',
  scope: 'order',
  created_at: '2025-10-09T08:53:20Z',
  last_used_at: '2025-10-09T09:53:20Z',
};

const members = {
  id: Type.String(),
  name: Type.Optional(Type.String()),
  scope: Scope,
  created_at: Time('When the key was created'),
  expires_at: Type.Optional(Time('When the key expires')),
  last_used_at: Type.Optional(Time('The last use, to the minute')),
};

export const ApiKey = Type.Object(members, { $id: 'ApiKey', examples: [keyExample] });
export type ApiKey = Static<typeof ApiKey>;

export const NewApiKey = Type.Object(
  { ...members, api_key: Type.String({ description: 'The key itself: it is shown this once' }) },
  { $id: 'NewApiKey', examples: [{ ...keyExample, api_key: 'esk_0123456789abcdefghijklmnopqrstuv' }] },
);

export const ListApiKeysResponse = Type.Object(
  { api_keys: Type.Array(ApiKey) },
  { $id: 'ListApiKeysResponse', examples: [{ api_keys: [keyExample] }] },
);

const closed = { additionalProperties: false } as const;

export const CreateApiKeyRequest = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
    scope: Scope,
    expires_at: Type.Optional(Time('When the key expires; without it, never')),
  },
  { ...closed, $id: 'CreateApiKeyRequest', examples: [{ name: 'shop', scope: 'order' }] },
);

export const RotateApiKeyRequest = Type.Object(
  {
    overlap_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 31_536_000,
        default: 86_400,
        description: 'How long the old key works beside the new one',
      }),
    ),
  },
  { ...closed, $id: 'RotateApiKeyRequest', examples: [{ overlap_seconds: 86_400 }] },
);

export const KeyParams = Type.Object({
  id: Type.String({ pattern: '^[0-9a-f]{16}$', description: 'Id of a key', examples: [keyExample.id] }),
});
