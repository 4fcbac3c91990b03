import type { DatabaseSync } from 'node:sqlite';
import type { EarlyReader } from '@esim-rsp/smdp/ports';
import { Kysely } from 'kysely';
import { migrate } from '../migrations/migrate.ts';
import type { ServerStore } from '../ports/server-store.ts';
import { StoreError } from '../ports/store-error.ts';
import { type ReportUnreadable, rememberUnreadable } from '../rows/readable.ts';
import { sqliteAccounts } from './accounts.ts';
import { sqliteApiKeys } from './api-keys.ts';
import { sqliteChanges } from './changes.ts';
import { checkpointsInThread } from './connection/checkpoints.ts';
import { type Connection, connectTo } from './connection/connection.ts';
import { nodeSqliteDialect } from './connection/dialect.ts';
import { type Durability, nothingToSync, syncedDurability } from './connection/durability.ts';
import { explainFailure, openFile, openLog, stopWaiting } from './connection/file.ts';
import { sqliteContents } from './contents.ts';
import { sqliteHealth, sqliteStatistics } from './health.ts';
import { sqliteIdempotency } from './idempotency.ts';
import { sqliteInventory } from './inventory/inventory.ts';
import { sqliteAudit } from './logs/audit.ts';
import { sqliteChains } from './logs/chains.ts';
import { sqliteEvents } from './logs/events.ts';
import { sqliteNumberReservations } from './number-reservations.ts';
import { sqliteOperators } from './operators.ts';
import { sqliteOutbox } from './outbox.ts';
import { sqliteProfiles } from './profiles.ts';
import { sqliteRefusedCalls } from './refused-calls.ts';
import { sqliteSessions } from './sessions.ts';
import { sqliteTemplates } from './templates.ts';
import { sqliteTransactionSecrets } from './transaction-secrets.ts';
import { sqliteWebhooks } from './webhooks.ts';

/**
 * The store in one SQLite file: WAL, every commit synced to the disk before anybody learns of it. Throws a StoreError that says what to do when the
 * file cannot be used. Other processes (the command line) may use the file at the same time.
 */
export async function openSqliteStore(path: string, report?: ReportUnreadable): Promise<ServerStore> {
  const db = await openFile(path);
  try {
    await createTables(db);
    stopWaiting(db);
    return storeOn(db, report, syncedDurability(openLog(path), checkpointsInThread(path)));
  } catch (error) {
    db.close();
    throw error instanceof StoreError
      ? new StoreError(`${path} cannot be used: ${error.message}`)
      : explainFailure(path, error);
  }
}

/** Creates the tables of an empty database, and brings those of an older one to the newest version. */
export async function createTables(db: DatabaseSync): Promise<void> {
  const kysely = new Kysely<unknown>({ dialect: nodeSqliteDialect(db) });
  await migrate(kysely, { bytes: 'blob', integer: 'integer', byKey: 'without rowid' });
}

/** The store over a database that has its tables. Closing the store closes the database. */
export function storeOn(
  db: DatabaseSync,
  report: ReportUnreadable = () => undefined,
  durability: Durability = nothingToSync,
): ServerStore {
  const { remember, unreadableRows } = rememberUnreadable(report);
  const connection = connectTo(db, remember, durability);
  return {
    ...sqliteAccounts(connection),
    ...sqliteApiKeys(connection),
    ...sqliteAudit(connection),
    ...sqliteChains(connection),
    ...sqliteChanges(connection),
    ...sqliteContents(connection),
    ...sqliteEvents(connection),
    ...sqliteStatistics(connection),
    ...sqliteHealth(connection),
    ...sqliteIdempotency(connection),
    ...sqliteInventory(connection),
    ...sqliteNumberReservations(connection),
    ...sqliteOperators(connection),
    ...sqliteOutbox(connection),
    ...sqliteProfiles(connection),
    ...sqliteRefusedCalls(connection),
    ...sqliteSessions(connection),
    ...sqliteTemplates(connection),
    ...sqliteTransactionSecrets(connection),
    ...sqliteWebhooks(connection),
    ...(durability !== nothingToSync && { early: earlyReader(connection) }),
    unreadableRows,
    connections: () => undefined,
    close: async () => {
      await connection.finish();
      db.close();
    },
  };
}

/** The same statements over reads that do not wait for the disk. */
function earlyReader(connection: Connection): EarlyReader {
  const early = { ...connection, ...connection.early };
  return {
    ...sqliteContents(early),
    ...sqliteNumberReservations(early),
    ...sqliteProfiles(early),
    ...sqliteSessions(early),
    ...sqliteTemplates(early),
    durable: connection.durable,
  };
}
