import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TokenError } from '../keys/token/process.ts';
import type { MasterKeySource } from '../store/ports/secrets/master-key.ts';
import type { ServerStore } from '../store/ports/server-store.ts';
import { StoreError } from '../store/ports/store-error.ts';
import type { UnreadableRow } from '../store/ports/unreadable-rows.ts';
import { placeOf } from '../store/postgres/connection/options.ts';
import { openPostgresStore } from '../store/postgres/store.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import type { Config } from './config.ts';
import { masterKeySource } from './secrets/master-key-source.ts';
import { StartError } from './start-error.ts';

/** Creates the data folder, accessible by the owner only, or checks that it is writable. Throws a StartError. */
export function openFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartError(
      `the data folder ${folder} cannot be written (${errorCode(error)}): make it writable, or set ESIM_DATA_DIR to another folder`,
      { cause: error },
    );
  }
}

/** Path of the database of SQLite. */
export function databaseIn(folder: string): string {
  return join(folder, 'esim.db');
}

/** Where a server stores its data. */
export type StorePlace = Pick<Config, 'dataDir' | 'database' | 'masterKey'>;

/** Opens the store: PostgreSQL where a database is set, otherwise the file of the data folder. `report` is called once for each row that cannot be read. */
export async function openStore(
  place: StorePlace,
  report?: (row: UnreadableRow) => void,
  masterKey: MasterKeySource = masterKeySource(place),
): Promise<ServerStore> {
  const { dataDir, database } = place;
  try {
    if (database !== undefined) return await openPostgresStore(database, masterKey, report);
    return await openSqliteStore(databaseIn(dataDir), report, masterKey);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new StartError(error.message, { cause: error, isFinal: isRefusedPin(error) });
  }
}

/** A PIN that a token refuses must not be tried by the next start. */
function isRefusedPin({ cause }: Error): boolean {
  if (cause instanceof TokenError) return cause.kind === 'pin';
  return cause instanceof Error && isRefusedPin(cause);
}

/** The place of the store, for people. */
export function describeStore({ dataDir, database }: StorePlace): string {
  if (database !== undefined) return `PostgreSQL at ${placeOf(database.url)}`;
  return `SQLite in ${databaseIn(dataDir)}`;
}

export function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
