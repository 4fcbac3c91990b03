import type { ApiKey, ApiKeyStore, KeyLimit, KeyRotation } from '../ports/api-keys.ts';
import type { BegunRequest } from '../ports/idempotency.ts';
import { type ApiKeyRow, apiKeyColumns, apiKeyFromRow, apiKeyToRow } from '../rows/api-keys.ts';
import { apiKeyQueries } from '../statements/api-keys.ts';
import { mustBeWhole } from '../statements/write-row.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { prepareInsert } from './connection/write-row.ts';
import { mustRecordWork } from './idempotency.ts';

export function sqliteApiKeys(connection: Connection): ApiKeyStore {
  const { read, readable, write } = connection;
  const statements = connection.prepareEach(apiKeyQueries);
  const writes = prepareLazily({ insert: () => prepareInsert(connection, 'api_key', apiKeyColumns) });
  const recordWork = mustRecordWork(connection);
  const isFull = (account: string, { count, now }: KeyLimit) =>
    (statements.countValid.get(account, account, now) as { count: number }).count >= count;
  const add = (key: ApiKey, limit?: KeyLimit, request?: BegunRequest) => {
    if (limit !== undefined && isFull(key.account, limit)) return 'full';
    writes.insert(apiKeyToRow(key));
    statements.deleteExpired.run(key.account, key.createdAt);
    recordWork(request, { id: key.id });
    return 'added';
  };
  const expire = (account: string, id: string, expiresAt: number) => {
    mustBeWhole(expiresAt, 'api_key.expires_at');
    return Number(statements.expire.run(expiresAt, account, id).changes) === 1;
  };
  const rotate = (
    account: string,
    id: string,
    rotation: (old: ApiKey) => KeyRotation,
    limit: KeyLimit,
    request?: BegunRequest,
  ) => {
    const [old] = keysIn(rowsOf(statements.byId, account, id));
    if (old === undefined) return 'unknown';
    const { key, oldExpiresAt } = rotation(old);
    if (add(key, limit, request) === 'full') return 'full';
    expire(account, id, oldExpiresAt);
    return key;
  };
  const keysIn = (rows: readonly unknown[]) =>
    readable(rows, apiKeyFromRow, ({ id }: ApiKeyRow) => `api_key ${id}`);
  return {
    apiKeys: (account) => read(() => keysIn(rowsOf(statements.ofAccount, account))),
    validApiKeys: (account, now) => read(() => keysIn(rowsOf(statements.valid, account, account, now))),
    addApiKey: (...added) => write(() => add(...added)),
    rotateApiKey: (...rotated) => write(() => rotate(...rotated)),
    expireApiKey: (...expired) => write(() => (expire(...expired) ? 'expires' : 'unknown')),
    recordKeyUses: (uses) =>
      write(() => {
        for (const { id, at } of uses) statements.recordUse.run(at, id, at);
      }),
  };
}
