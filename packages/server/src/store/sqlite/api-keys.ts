import { sql } from 'kysely';
import type { ApiKey, ApiKeyStore, KeyLimit } from '../ports/api-keys.ts';
import { type ApiKeyRow, apiKeyColumns, apiKeyFromRow, apiKeyToRow } from '../rows/api-keys.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { mustBeWhole, prepareInsert } from './connection/write-row.ts';

export function sqliteApiKeys(connection: Connection): ApiKeyStore {
  const { read, readable, write } = connection;
  const statements = prepareStatements(connection);
  const isFull = (account: string, { count, now }: KeyLimit) =>
    (statements.countValid.get(account, now) as { count: number }).count >= count;
  const add = (key: ApiKey, limit?: KeyLimit) => {
    if (limit !== undefined && isFull(key.account, limit)) return 'full';
    statements.insert(apiKeyToRow(key));
    return 'added';
  };
  return {
    apiKeys: (account) =>
      read(() =>
        readable(
          rowsOf(statements.ofAccount, account),
          apiKeyFromRow,
          ({ id }: ApiKeyRow) => `api_key ${id}`,
        ),
      ),
    addApiKey: (key, limit) => write(() => add(key, limit)),
    expireApiKey: (account, id, expiresAt) =>
      write(() => {
        mustBeWhole(expiresAt, 'api_key.expires_at');
        return Number(statements.expire.run(expiresAt, account, id).changes) === 1 ? 'expires' : 'unknown';
      }),
    recordKeyUses: (uses) =>
      write(() => {
        for (const { id, at } of uses) statements.recordUse.run(at, id, at);
      }),
  };
}

function prepareStatements({ db, kysely, prepare }: Connection) {
  return prepareLazily({
    ofAccount: () => prepare(kysely.selectFrom('api_key').selectAll().where('account', '=', '')),
    countValid: () =>
      prepare(
        kysely
          .selectFrom('api_key')
          .select(sql<number>`count(*)`.as('count'))
          .where('account', '=', '')
          .where((key) => key.or([key('expires_at', 'is', null), key('expires_at', '>', 0)])),
      ),
    insert: () => prepareInsert(db, 'api_key', apiKeyColumns),
    expire: () =>
      prepare(
        kysely.updateTable('api_key').set({ expires_at: 0 }).where('account', '=', '').where('id', '=', ''),
      ),
    recordUse: () =>
      prepare(
        kysely
          .updateTable('api_key')
          .set({ last_used_at: 0 })
          .where('id', '=', '')
          .where((key) => key.or([key('last_used_at', 'is', null), key('last_used_at', '<', 0)])),
      ),
  });
}
