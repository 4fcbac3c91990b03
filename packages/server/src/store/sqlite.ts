import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { AccountRow, ApiKeyRow, ContentRow, ProfileRow, SessionRow, Tables } from './columns.ts';
import { accountColumns, apiKeyColumns } from './columns.ts';
import { groupCommit } from './group-commit.ts';
import { migrate } from './migrate.ts';
import type { ProfileFilter, ProfileList, ServerStore } from './port.ts';
import {
  accountFromRow,
  accountToRow,
  apiKeyFromRow,
  apiKeyToRow,
  contentFromRow,
  profileFromRow,
  sessionFromRow,
} from './rows.ts';
import { nodeSqliteDialect } from './sqlite-dialect.ts';
import { prepareStatements, type Statements, valuesOf } from './statements.ts';
import { StoreError } from './store-error.ts';

/**
 * The store in one SQLite file: WAL, every commit synced to the disk. Throws a StoreError that says what to do when the
 * file cannot be used. Other processes (the command line) may use the file at the same time.
 */
export async function openSqliteStore(path: string): Promise<ServerStore> {
  const db = opened(path);
  try {
    const kysely = new Kysely<Tables>({ dialect: nodeSqliteDialect(db) });
    await migrate(kysely as unknown as Kysely<unknown>, { bytes: 'blob', integer: 'integer' });
    return storeOn(db, prepareStatements(db, kysely));
  } catch (error) {
    db.close();
    throw error instanceof StoreError
      ? new StoreError(`${path} cannot be used: ${error.message}`)
      : unusable(path, error);
  }
}

function opened(path: string): DatabaseSync {
  try {
    const db = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true });
    for (const pragma of [
      'journal_mode = wal',
      'synchronous = full',
      'cache_size = -32000',
      'temp_store = memory',
    ])
      db.exec(`pragma ${pragma}`);
    return db;
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_SQLITE_ERROR') return error;
  return new StoreError(
    `the database ${path} cannot be used (${message}): make it readable and writable, or move it away to begin anew`,
    { cause: error },
  );
}

function storeOn(db: DatabaseSync, statements: Statements): ServerStore {
  const commit = groupCommit(statements);
  const { read } = commit;
  const one = <R>(statement: keyof Statements, ...values: string[]) =>
    read(() => statements[statement].get(...values) as R | undefined);
  const found = <R, T>(row: R | undefined, from: (row: R) => T) =>
    row === undefined ? undefined : from(row);
  return {
    session: async (id) => found(one<SessionRow>('session', id), sessionFromRow),
    profile: async (iccid) => found(one<ProfileRow>('profile', iccid), profileFromRow),
    profileByMatchingId: async (id) => found(one<ProfileRow>('profileByMatchingId', id), profileFromRow),
    profilesWaitingFor: async (eid) =>
      read(() => statements.profilesWaitingFor.all(eid) as ProfileRow[]).map(profileFromRow),
    content: async (iccid) => found(one<ContentRow>('content', iccid), contentFromRow),
    listProfiles: async (filter) => read(() => list(statements, filter)),
    accounts: async () => read(() => statements.accounts.all() as AccountRow[]).map(accountFromRow),
    apiKeys: async (account) => read(() => statements.apiKeys.all(account) as ApiKeyRow[]).map(apiKeyFromRow),
    save: commit.save,
    addAccount: (account) =>
      commit.write(() => {
        const values = valuesOf(accountColumns, accountToRow(account));
        return Number(statements.insertAccount.run(...values).changes) === 1 ? 'added' : 'exists';
      }),
    addApiKey: (key) =>
      commit.write(() => {
        statements.insertApiKey.run(...valuesOf(apiKeyColumns, apiKeyToRow(key)));
      }),
    removeExpiredSessions: (now) =>
      commit.write(() => Number(statements.removeExpiredSessions.run(now).changes)),
    close: async () => {
      await commit.settled();
      db.close();
    },
  };
}

function list(statements: Statements, { account, state, count, offset }: ProfileFilter): ProfileList {
  const narrowed = state === undefined ? [account] : [account, state];
  const counted = state === undefined ? statements.count : statements.countInState;
  const page = state === undefined ? statements.list : statements.listInState;
  return {
    total: (counted.get(...narrowed) as { total: number }).total,
    profiles: (page.all(...narrowed, count, offset) as ProfileRow[]).map(profileFromRow),
  };
}
