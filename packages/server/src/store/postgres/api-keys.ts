import type { ApiKeyStore } from '../ports/api-keys.ts';
import { type ApiKeyRow, apiKeyColumns, apiKeyFromRow, apiKeyToRow } from '../rows/api-keys.ts';
import { apiKeyQueries } from '../statements/api-keys.ts';
import { mustBeWhole } from '../statements/write-row.ts';
import { addWithin, countIn } from './connection/add-within.ts';
import type { Connection } from './connection/connection.ts';
import { statementsOf } from './connection/statements.ts';
import { insertCall } from './connection/write-row.ts';
import { asWorkOf, recordWork } from './idempotency.ts';

const statements = statementsOf(apiKeyQueries);
const insert = insertCall('api_key', apiKeyColumns);
const nameOf = ({ id }: ApiKeyRow) => `api_key ${id}`;

export function postgresApiKeys(connection: Connection): ApiKeyStore {
  const { rows, readable, write, change } = connection;
  return {
    apiKeys: async (account) => readable(await rows(statements.ofAccount, account), apiKeyFromRow, nameOf),
    validApiKeys: async (account, now) =>
      readable(await rows(statements.valid, account, account, now), apiKeyFromRow, nameOf),
    addApiKey: (key, limit, request) => {
      const count = { statement: statements.countValid, values: [key.account, key.account, limit?.now ?? 0] };
      const deleteExpired = { statement: statements.deleteExpired, values: [key.account, key.createdAt] };
      const calls = [insert(apiKeyToRow(key)), deleteExpired, ...recordWork(request, { id: key.id })];
      const add = () =>
        addWithin(connection, key.account, [count], async (session, [valid]) => {
          if (limit !== undefined && countIn(valid) >= limit.count) return 'full';
          await session.run(calls);
          return 'added';
        });
      return asWorkOf(request, add);
    },
    expireApiKey: async (account, id, expiresAt) => {
      mustBeWhole(expiresAt, 'api_key.expires_at');
      return (await change(statements.expire, expiresAt, account, id)) === 1 ? 'expires' : 'unknown';
    },
    recordKeyUses: async (uses) => {
      const sorted = uses.toSorted((a, b) => (a.id < b.id ? -1 : 1)); // in the same order on every node
      await write(sorted.map(({ id, at }) => ({ statement: statements.recordUse, values: [at, id, at] })));
    },
  };
}
