import { existsSync } from 'node:fs';
import { databaseIn, openStore } from '@esim-rsp/server/process/data';
import { StartError } from '@esim-rsp/server/process/start-error';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { CliError } from './command.ts';
import { localConfig } from './local.ts';

/** Whether the data folder has the data of a server. */
export function hasLocalStore(): boolean {
  return existsSync(databaseIn(localConfig().dataDir));
}

/** Works with the data of the server, which may be running or not. It never creates data. */
export async function withLocalStore<T>(work: (store: ServerStore) => Promise<T>): Promise<T> {
  const { dataDir } = localConfig();
  if (!existsSync(databaseIn(dataDir)))
    throw new CliError(
      `there is no server data in ${dataDir}: start the server there once, or set ESIM_DATA_DIR to its folder`,
    );
  const store = await openLocalStore(dataDir);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Writes an action of the command line into the audit log of an account. */
export async function writeAuditEntry(
  store: Pick<ServerStore, 'addAuditEntry'>,
  act: { readonly account: string; readonly operation: string; readonly target: string },
): Promise<void> {
  await store.addAuditEntry({ at: Date.now(), ...act });
}

async function openLocalStore(dataDir: string): Promise<ServerStore> {
  try {
    return await openStore(dataDir);
  } catch (error) {
    throw error instanceof StartError ? new CliError(error.message) : error;
  }
}
