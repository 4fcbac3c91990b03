import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerStore } from '../store/ports/server-store.ts';
import { StoreError } from '../store/ports/store-error.ts';
import type { UnreadableRow } from '../store/ports/unreadable-rows.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
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

/** Path of the database. */
export function databaseIn(folder: string): string {
  return join(folder, 'esim.db');
}

/** `report` is called once for each row that cannot be read. */
export async function openStore(folder: string, report?: (row: UnreadableRow) => void): Promise<ServerStore> {
  try {
    return await openSqliteStore(databaseIn(folder), report);
  } catch (error) {
    throw error instanceof StoreError ? new StartError(error.message, { cause: error }) : error;
  }
}

export function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
