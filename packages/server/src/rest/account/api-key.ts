import { type Static, Type } from '@sinclair/typebox';
import { about, closed, extending, inWords, literals, named } from '../../shapes/shape.ts';
import { Time, timeOfSeconds } from '../../shapes/time.ts';
import type { ApiKey as StoredKey } from '../../store/ports/api-keys.ts';
import {
  covers,
  type Permission,
  permissions,
  permissionsIn,
  type Scope,
  scopeOf,
  scopes,
} from '../../store/ports/permissions.ts';
import { HttpProblem } from '../frame/problem.ts';

export const ApiKeyScope = named(
  'ApiKeyScope',
  literals(
    Object.keys(scopes) as Scope[],
    `A name for a set of permissions: ${Object.entries(scopes)
      .map(([name, set]) => `${name} is ${set.join(', ')}`)
      .join('; ')}`,
  ),
);

export const ApiKeyPermission = named(
  'ApiKeyPermission',
  literals(
    permissions,
    'read: profiles, types, templates and events; codes: activation codes, QR codes and install links; order: create, order and change profiles; support: help a customer, and read PIN and PUK; admin: keys, webhooks, templates and the audit log, and read all secrets of profiles; reveal, a part of codes: read the activation code of one profile in a call that is audited; care, a part of order: cancel, replace, reset and re-release an order for a customer; server: accounts and operators, which concern everybody on the server',
  ),
);

export const Permissions = Type.Array(ApiKeyPermission, { minItems: 1, maxItems: permissions.length });

export const apiKeyExample = {
  id: '5d1c9a72f04be138',
  name: 'shop',
  permissions: ['read', 'codes', 'order'],
  scope: 'order',
  created_at: '2025-10-09T08:53:20Z',
  last_used_at: '2025-10-09T09:53:20Z',
};

export const ApiKey = Type.Object(
  {
    id: Type.String({ description: '16 hexadecimal digits' }),
    name: Type.Optional(Type.String({ description: 'Your name for the key' })),
    permissions: Type.Array(ApiKeyPermission, { description: 'What the key may do' }),
    scope: Type.Optional(about('The name of this set of permissions, if it has one', ApiKeyScope)),
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

export const KeyParams = Type.Object(
  {
    id: Type.String({
      pattern: '^[0-9a-f]{16}$',
      ...inWords('the id of a key: 16 hexadecimal digits in lower case'),
      description: 'The id of a key',
      examples: [apiKeyExample.id],
    }),
  },
  closed,
);

/** A key in an answer: never the key itself. */
export function keyResponse(key: StoredKey): ApiKey {
  const { id, name, createdAt, expiresAt, lastUsedAt } = key;
  const scope = scopeOf(key.permissions);
  return {
    id,
    ...(name !== undefined && { name }),
    permissions: [...key.permissions],
    ...(scope !== undefined && { scope }),
    created_at: timeOfSeconds(createdAt),
    ...(expiresAt !== undefined && { expires_at: timeOfSeconds(expiresAt) }),
    ...(lastUsedAt !== undefined && { last_used_at: timeOfSeconds(lastUsedAt) }),
  };
}

/** A key gives away no more than it may do itself: neither a new key nor a rotated one has other permissions. Throws 403. */
export function mustOwn(owned: readonly Permission[], granted: readonly Permission[]): void {
  const lacking = granted.filter((one) => !covers(owned, [one]));
  if (lacking.length > 0)
    throw new HttpProblem(
      403,
      'forbidden',
      `the key of this request lacks ${lacking.join(', ')}, so it cannot give them to another key: use a key that has them`,
    );
}

/** The permissions that a request names, itself or by a scope. Throws 400 for both or neither. */
export function permissionsOf(body: {
  readonly permissions?: readonly Permission[];
  readonly scope?: Scope;
}): readonly Permission[] {
  const { permissions: words, scope } = body;
  if ((words === undefined) === (scope === undefined)) {
    const message = 'is required, or else scope: send one of the two';
    throw new HttpProblem(400, 'validation_failed', `permissions ${message}`, [
      { field: 'permissions', message },
    ]);
  }
  return words === undefined ? scopes[scope as Scope] : permissionsIn(words);
}
