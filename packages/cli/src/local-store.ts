import { existsSync } from 'node:fs';
import { databaseIn, openStore } from '@esim-rsp/server/process/data';
import { StartError } from '@esim-rsp/server/process/start-error';
import type { ServerStore } from '@esim-rsp/server/store/store';
import { CliError } from './command.ts';
import { localConfig } from './local.ts';

/** Whether a server has data here. */
export function hasLocalStore(): boolean {
  return existsSync(databaseIn(localConfig().dataDir));
}

/** Works on the data of the server, whether that runs or not; makes no data where a server has none. */
export async function withLocalStore<T>(work: (store: ServerStore) => Promise<T>): Promise<T> {
  const { dataDir } = localConfig();
  if (!existsSync(databaseIn(dataDir)))
    throw new CliError(
      `there is no server's data in ${dataDir}: start the server there once, or set ESIM_DATA_DIR to its folder`,
    );
  const store = await opened(dataDir);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Notes in the audit log what was done to an account at this command line. */
export async function noteAct(
  store: ServerStore,
  act: { readonly account: string; readonly operation: string; readonly target: string },
): Promise<void> {
  await store.addAuditEntry({ at: Date.now(), ...act });
}

async function opened(dataDir: string): Promise<ServerStore> {
  try {
    return await openStore(dataDir);
  } catch (error) {
    throw error instanceof StartError ? new CliError(error.message) : error;
  }
}
