import type { ApiKey } from '../ports/api-keys.ts';
import { permissionsIn } from '../ports/permissions.ts';
import type { Columns, Row } from './column-types.ts';

export const apiKeyColumns = {
  id: 'text',
  account: 'text',
  hash: 'bytes',
  created_at: 'integer',
  name: 'text?',
  expires_at: 'integer?',
  last_used_at: 'integer?',
  /** Separated by commas. */
  permissions: 'text',
} as const satisfies Columns;
export type ApiKeyRow = Row<typeof apiKeyColumns>;

export function apiKeyToRow(key: ApiKey): ApiKeyRow {
  const { id, account, hash, createdAt, permissions } = key;
  return {
    id,
    account,
    hash,
    created_at: createdAt,
    name: key.name ?? null,
    expires_at: key.expiresAt ?? null,
    last_used_at: key.lastUsedAt ?? null,
    permissions: permissions.join(','),
  };
}

export function apiKeyFromRow(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    account: row.account,
    hash: row.hash,
    createdAt: row.created_at,
    permissions: permissionsIn(row.permissions.split(',')), // an unknown one allows nothing
    ...(row.name !== null && { name: row.name }),
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
    ...(row.last_used_at !== null && { lastUsedAt: row.last_used_at }),
  };
}
