import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Template } from '@esim-rsp/smdp/state/template';
import { Kysely } from 'kysely';
import { migrate } from '../migrations/migrate.ts';
import { StoreError } from '../ports/store-error.ts';
import { accountFromRow, accountToRow, apiKeyFromRow, apiKeyToRow } from '../rows/accounts.ts';
import type { Tables } from '../rows/columns.ts';
import { contentFromRow } from '../rows/contents.ts';
import { shownFromValues } from '../rows/inventory.ts';
import { profileFromValues } from '../rows/profiles.ts';
import { sessionFromValues } from '../rows/sessions.ts';
import { type TemplateRow, templateFromRow } from '../rows/templates.ts';
import type { ProfileFilter, ProfileList, ServerStore } from '../store.ts';
import { sqliteAudit } from './audit.ts';
import { nodeSqliteDialect } from './dialect.ts';
import { sqliteEvents } from './events.ts';
import { groupCommit } from './group-commit.ts';
import { sqliteIdempotency } from './idempotency.ts';
import { sqliteInventory } from './inventory.ts';
import { sqliteOperators } from './operators.ts';
import { sqliteOutbox } from './outbox.ts';
import { prepareStatements, type Query, type Statements } from './statements.ts';
import { sqliteTemplates } from './templates.ts';
import { sqliteWebhooks } from './webhooks.ts';

/**
 * The store in one SQLite file: WAL, every commit synced to the disk. Throws a StoreError that says what to do when the
 * file cannot be used. Other processes (the command line) may use the file at the same time.
 */
export async function openSqliteStore(path: string): Promise<ServerStore> {
  const db = await opened(path);
  try {
    await createTables(db);
    return storeOn(db);
  } catch (error) {
    db.close();
    throw error instanceof StoreError
      ? new StoreError(`${path} cannot be used: ${error.message}`)
      : unusable(path, error);
  }
}

/** Creates the tables of an empty database, and brings those of an older one to the newest version. */
export async function createTables(db: DatabaseSync): Promise<void> {
  const kysely = new Kysely<unknown>({ dialect: nodeSqliteDialect(db) });
  await migrate(kysely, { bytes: 'blob', integer: 'integer', byKey: 'without rowid' });
}

/**
 * The log goes into the file when it has 16 MB: what is written again until then, as indexes are, goes there once. Of a
 * million profiles 32 MB of pages hold nearly all but the leaves of their tree.
 */
const pragmas = [
  'synchronous = full',
  'cache_size = -32000',
  'temp_store = memory',
  'wal_autocheckpoint = 4000',
];

const SQLITE_BUSY = 5;
/** How long another process may keep the file to itself. */
const BUSY_MILLISECONDS = 5000;

async function opened(path: string): Promise<DatabaseSync> {
  makeForOwner(path);
  try {
    const db = new DatabaseSync(path, { timeout: BUSY_MILLISECONDS, enableForeignKeyConstraints: true });
    await beginLog(db);
    for (const pragma of pragmas) db.exec(`pragma ${pragma}`);
    return db;
  } catch (error) {
    throw unusable(path, error);
  }
}

/** The file holds keys. SQLite would make it readable for others; what goes wrong here SQLite tells better. */
function makeForOwner(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch {
    // it cannot be opened below either
  }
}

/** Unlike all else, this does not wait by itself for a process that opens or closes the file at the same moment. */
async function beginLog(db: DatabaseSync): Promise<void> {
  const until = performance.now() + BUSY_MILLISECONDS;
  for (;;)
    try {
      return db.exec('pragma journal_mode = wal');
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== SQLITE_BUSY || performance.now() > until) throw error;
      await sleep(10);
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

/** The store over a database that has its tables. Closing the store closes the database. */
export function storeOn(db: DatabaseSync): ServerStore {
  const statements = prepareStatements(db, new Kysely<Tables>({ dialect: nodeSqliteDialect(db) }));
  const commit = groupCommit(statements);
  const { read } = commit;
  const one = <R, T>(statement: Query, value: string, from: (row: R) => T) =>
    read(() => {
      const row = statements[statement].get(value) as R | undefined;
      return row === undefined ? undefined : from(row);
    });
  const all = <R, T>(statement: Query, values: readonly (string | number)[], from: (row: R) => T) =>
    read(() => (statements[statement].all(...values) as R[]).map(from));
  return {
    session: (id) => one('session', id, sessionFromValues),
    profile: (iccid) => one('profile', iccid, profileFromValues),
    profileByMatchingId: (id) => one('profileByMatchingId', id, profileFromValues),
    profilesWaitingFor: (eid) => all('profilesWaitingFor', [eid], profileFromValues),
    availableOfType: (account, type, most) =>
      all('availableOfType', [account, type, most], profileFromValues),
    knowsType: (account, type) => read(() => statements.anyOfType.get(account, type, 1) !== undefined),
    template: async (account, type) =>
      (await all<TemplateRow, Template>('template', [account, type], templateFromRow))[0],
    iccidsBetween: (first, last) => all('iccidsBetween', [first, last], iccidOf),
    profileOrderedBy: async (account, call) =>
      (await all('profileOrderedBy', [account, call], profileFromValues))[0],
    content: (iccid) => one('content', iccid, contentFromRow),
    shownProfile: async (account, iccid) => (await all('shown', [iccid, account], shownFromValues))[0],
    listProfiles: (filter) => read(() => list(statements, filter)),
    accounts: () => all('accounts', [], accountFromRow),
    apiKeys: (account) => all('apiKeys', [account], apiKeyFromRow),
    save: commit.save,
    ...sqliteOperators(statements, commit),
    ...sqliteAudit(statements, commit),
    ...sqliteIdempotency(statements, commit),
    ...sqliteEvents(statements, commit),
    ...sqliteInventory(statements, commit),
    ...sqliteOutbox(statements, commit),
    ...sqliteTemplates(statements, commit),
    ...sqliteWebhooks(statements, commit),
    addAccount: (account) =>
      commit.write(() => (statements.insertAccount(accountToRow(account)) ? 'added' : 'exists')),
    expireApiKey: (account, id, expiresAt) =>
      commit.write(() =>
        Number(statements.expireApiKey.run(expiresAt, account, id).changes) === 1 ? 'expires' : 'unknown',
      ),
    noteKeyUses: (uses) =>
      commit.write(() => {
        for (const { id, at } of uses) statements.noteKeyUse.run(at, id, at);
      }),
    addApiKey: (key) =>
      commit.write(() => {
        statements.insertApiKey(apiKeyToRow(key));
      }),
    profilesDue: async (now, count) => {
      const returning = await all('profilesReturning', [now, count], iccidOf);
      return [...returning, ...(await all('profilesExpiring', [now, count], iccidOf))].slice(0, count);
    },
    recentSessions: (count) => all('recentSessions', [count], sessionFromValues),
    removeExpiredSessions: (now) =>
      commit.write(() => Number(statements.removeExpiredSessions.run(now).changes)),
    close: async () => {
      await commit.settled();
      db.close();
    },
  };
}

function iccidOf({ iccid }: { readonly iccid: Iccid }): Iccid {
  return iccid;
}

function list(statements: Statements, { account, state, count, offset }: ProfileFilter): ProfileList {
  const narrowed = state === undefined ? [account] : [account, state];
  const counted = state === undefined ? statements.count : statements.countInState;
  const page = state === undefined ? statements.list : statements.listInState;
  return {
    total: (counted.get(...narrowed) as { total: number }).total,
    profiles: page.all(...narrowed, count, offset).map(shownFromValues),
  };
}
