import type { ApiKey, ApiKeyStore, KeyLimit } from '../ports/api-keys.ts';
import type { BegunRequest } from '../ports/idempotency.ts';
import { type ApiKeyRow, apiKeyColumns, apiKeyFromRow, apiKeyToRow } from '../rows/api-keys.ts';
import { apiKeyQueries } from '../statements/api-keys.ts';
import { mustBeWhole } from '../statements/write-row.ts';
import { addWithin, countIn } from './connection/add-within.ts';
import type { Call } from './connection/batch.ts';
import type { Connection } from './connection/connection.ts';
import { forUpdate, statementsOf } from './connection/statements.ts';
import { insertCall } from './connection/write-row.ts';
import { asWorkOf, recordWork } from './idempotency.ts';

const statements = statementsOf(apiKeyQueries);
const insert = insertCall('api_key', apiKeyColumns);
const lockById = forUpdate(statements.byId);
const nameOf = ({ id }: ApiKeyRow) => `api_key ${id}`;

function countValid(account: string, limit: KeyLimit | undefined): Call {
  return { statement: statements.countValid, values: [account, account, limit?.now ?? 0] };
}

function additionOf(key: ApiKey, request: BegunRequest | undefined): Call[] {
  const deleteExpired = { statement: statements.deleteExpired, values: [key.account, key.createdAt] };
  return [insert(apiKeyToRow(key)), deleteExpired, ...recordWork(request, { id: key.id })];
}

function expiryOf(account: string, id: string, expiresAt: number): Call {
  mustBeWhole(expiresAt, 'api_key.expires_at');
  return { statement: statements.expire, values: [expiresAt, account, id] };
}

export function postgresApiKeys(connection: Connection): ApiKeyStore {
  const { rows, readable, write } = connection;
  return {
    apiKeys: async (account) => readable(await rows(statements.ofAccount, account), apiKeyFromRow, nameOf),
    validApiKeys: async (account, now) =>
      readable(await rows(statements.valid, account, account, now), apiKeyFromRow, nameOf),
    addApiKey: (key, limit, request) => {
      const add = () =>
        addWithin(connection, key.account, [countValid(key.account, limit)], async (session, [valid]) => {
          if (limit !== undefined && countIn(valid) >= limit.count) return 'full';
          await session.run(additionOf(key, request));
          return 'added';
        });
      return asWorkOf(request, add);
    },
    rotateApiKey: (account, id, rotation, limit, request) => {
      const find = { statement: lockById, values: [account, id] };
      const rotate = () =>
        addWithin(
          connection,
          account,
          [countValid(account, limit), find],
          async (session, [valid, found]) => {
            const [old] = readable(found?.rows ?? [], apiKeyFromRow, nameOf);
            if (old === undefined) return 'unknown';
            if (countIn(valid) >= limit.count) return 'full';
            const { key, oldExpiresAt } = rotation(old);
            await session.run([...additionOf(key, request), expiryOf(account, id, oldExpiresAt)]);
            return key;
          },
        );
      return asWorkOf(request, rotate);
    },
    expireApiKey: async (account, id, expiresAt) => {
      const [expired] = await write([expiryOf(account, id, expiresAt)]);
      return expired?.changes === 1 ? 'expires' : 'unknown';
    },
    recordKeyUses: async (uses) => {
      const sorted = uses.toSorted((a, b) => (a.id < b.id ? -1 : 1)); // in the same order on every node
      await write(sorted.map(({ id, at }) => ({ statement: statements.recordUse, values: [at, id, at] })));
    },
  };
}
