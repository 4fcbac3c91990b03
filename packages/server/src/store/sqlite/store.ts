import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { EarlyReader } from '@esim-rsp/smdp/ports';
import { Kysely } from 'kysely';
import { migrate } from '../migrations/migrate.ts';
import type { MasterKeySource } from '../ports/secrets/master-key.ts';
import type { ServerStore } from '../ports/server-store.ts';
import { StoreError } from '../ports/store-error.ts';
import { type ReportUnreadable, rememberUnreadable } from '../rows/readable.ts';
import { createSealing } from '../sealing/data-keys.ts';
import { keyFileIn } from '../sealing/key-file.ts';
import { startRefresh } from '../sealing/refresh.ts';
import { alertStore } from '../statements/alerts.ts';
import { oldRecordStore } from '../statements/logs/old-records.ts';
import { overviewStore } from '../statements/logs/overview.ts';
import { mailStore } from '../statements/mail.ts';
import { sqliteAccounts } from './accounts.ts';
import { sqliteApiKeys } from './api-keys.ts';
import { sqliteChanges } from './changes.ts';
import { checkpointsInThread } from './connection/checkpoints.ts';
import { type Connection, connectTo } from './connection/connection.ts';
import { nodeSqliteDialect } from './connection/dialect.ts';
import { type Durability, nothingToSync, syncedDurability } from './connection/durability.ts';
import { explainFailure, openFile, openLog, stopWaiting } from './connection/file.ts';
import { textEngine } from './connection/text-engine.ts';
import { sqliteContents } from './contents.ts';
import { sqliteCoreNetworks } from './gateway/core-networks.ts';
import { sqliteOperations } from './gateway/operations.ts';
import { sqliteUpstreams } from './gateway/upstreams.ts';
import { sqliteHealth, sqliteStatistics } from './health.ts';
import { sqliteIdempotency } from './idempotency.ts';
import { sqliteBrands } from './install/brands.ts';
import { sqliteInstallLinks } from './install/links.ts';
import { sqliteInventory } from './inventory/inventory.ts';
import { sqliteAudit } from './logs/audit.ts';
import { sqliteChains } from './logs/chains.ts';
import { sqliteEvents } from './logs/events.ts';
import { sqliteNumberReservations } from './number-reservations.ts';
import { sqliteOperators } from './operators.ts';
import { sqliteOutbox } from './outbox.ts';
import { sqliteConsoleSessions } from './people/console-sessions.ts';
import { sqlitePasskeys } from './people/passkeys.ts';
import { sqlitePeople } from './people/people.ts';
import { sqliteSignInAttempts } from './people/sign-in-attempts.ts';
import { sqliteProfiles } from './profiles.ts';
import { sqliteRefusedCalls } from './refused-calls.ts';
import { sqliteDataKeys, sqliteSecrets } from './secrets/secrets.ts';
import { sqliteSessions } from './sessions.ts';
import { sqliteTemplates } from './templates.ts';
import { sqliteTransactionSecrets } from './transaction-secrets.ts';
import { sqliteWebhooks } from './webhooks.ts';

/**
 * The store in one SQLite file: WAL, every commit synced to the disk before anybody learns of it. Throws a StoreError that says what to do when the
 * file cannot be used. Other processes (the command line) may use the file at the same time. `masterKey`: by default the file next to the database.
 */
export async function openSqliteStore(
  path: string,
  report: ReportUnreadable = () => undefined,
  masterKey: MasterKeySource = keyFileIn(dirname(path)),
): Promise<ServerStore> {
  const db = await openFile(path);
  try {
    await createTables(db);
    stopWaiting(db);
    return await storeOn(db, masterKey, report, syncedDurability(openLog(path), checkpointsInThread(path)));
  } catch (error) {
    db.close();
    throw error instanceof StoreError
      ? new StoreError(`${path} cannot be used: ${error.message}`, { cause: error })
      : explainFailure(path, error);
  }
}

/** Creates the tables of an empty database, and brings those of an older one to the newest version. */
export async function createTables(db: DatabaseSync): Promise<void> {
  const kysely = new Kysely<unknown>({ dialect: nodeSqliteDialect(db) });
  await migrate(kysely, { bytes: 'blob', integer: 'integer', byKey: 'without rowid' });
}

/** The store over a database that has its tables. Closing the store closes the database. */
export async function storeOn(
  db: DatabaseSync,
  masterKey: MasterKeySource,
  report: ReportUnreadable = () => undefined,
  durability: Durability = nothingToSync,
): Promise<ServerStore> {
  const { remember, unreadableRows } = rememberUnreadable(report);
  const sealing = createSealing(masterKey);
  const connection = connectTo(db, sealing, remember, durability);
  const dataKeys = sqliteDataKeys(connection);
  await sealing.load(dataKeys).catch(async (error) => {
    await connection.finish();
    throw error;
  });
  const stopRefresh = startRefresh(sealing, dataKeys, remember);
  return {
    ...recordsOf(connection),
    ...(durability !== nothingToSync && { early: earlyReader(connection) }),
    unreadableRows,
    connections: () => undefined,
    close: async () => {
      await stopRefresh();
      await connection.finish();
      db.close();
    },
  };
}

function recordsOf(connection: Connection): Omit<ServerStore, 'unreadableRows' | 'connections' | 'close'> {
  return {
    ...sqliteAccounts(connection),
    ...sqliteApiKeys(connection),
    ...sqliteAudit(connection),
    ...sqliteChains(connection),
    ...sqliteChanges(connection),
    ...sqliteConsoleSessions(connection),
    ...sqliteContents(connection),
    ...sqliteEvents(connection),
    ...sqliteStatistics(connection),
    ...sqliteHealth(connection),
    ...sqliteIdempotency(connection),
    ...sqliteBrands(connection),
    ...sqliteInstallLinks(connection),
    ...sqliteInventory(connection),
    ...alertStore(textEngine(connection)),
    ...oldRecordStore(textEngine(connection)),
    ...overviewStore(textEngine(connection)),
    ...mailStore(textEngine(connection)),
    ...sqliteNumberReservations(connection),
    ...sqliteOperations(connection),
    ...sqliteOperators(connection),
    ...sqliteOutbox(connection),
    ...sqlitePasskeys(connection),
    ...sqliteSignInAttempts(connection),
    ...sqlitePeople(connection),
    ...sqliteProfiles(connection),
    ...sqliteRefusedCalls(connection),
    ...sqliteSecrets(connection),
    ...sqliteSessions(connection),
    ...sqliteTemplates(connection),
    ...sqliteTransactionSecrets(connection),
    ...sqliteCoreNetworks(connection),
    ...sqliteUpstreams(connection),
    ...sqliteWebhooks(connection),
  };
}

/** The same statements over reads that do not wait for the disk. */
function earlyReader(connection: Connection): EarlyReader {
  const early = { ...connection, ...connection.early };
  return {
    ...sqliteContents(early),
    ...sqliteNumberReservations(early),
    operation: sqliteOperations(early).operation,
    upstreamOfType: sqliteUpstreams(early).upstreamOfType,
    ...sqliteProfiles(early),
    ...sqliteSessions(early),
    ...sqliteTemplates(early),
    upstream: sqliteUpstreams(early).upstream,
    durable: connection.durable,
  };
}
