import { scopes } from '../ports/scopes.ts';
import type { Account, ApiKey } from '../store.ts';
import type { AccountRow, ApiKeyRow } from './columns.ts';

export const accountToRow = ({ id, name, createdAt }: Account): AccountRow => ({
  id,
  name,
  created_at: createdAt,
});
export const accountFromRow = ({ id, name, created_at }: AccountRow): Account => ({
  id,
  name,
  createdAt: created_at,
});

export function apiKeyToRow(key: ApiKey): ApiKeyRow {
  const { id, account, hash, createdAt, scope } = key;
  return {
    id,
    account,
    hash,
    created_at: createdAt,
    scope,
    name: key.name ?? null,
    expires_at: key.expiresAt ?? null,
    last_used_at: key.lastUsedAt ?? null,
  };
}

export function apiKeyFromRow(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    account: row.account,
    hash: row.hash,
    createdAt: row.created_at,
    scope: scopes.find((known) => known === row.scope) ?? 'read', // an unknown one is worth the least
    ...(row.name !== null && { name: row.name }),
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
    ...(row.last_used_at !== null && { lastUsedAt: row.last_used_at }),
  };
}
