import { existsSync } from 'node:fs';
import { openFolder, openStore } from '@esim-rsp/server/start/data';
import { StartError } from '@esim-rsp/server/start-error';
import type { ServerStore } from '@esim-rsp/server/store/port';
import { CliError } from './command.ts';
import { localConfig } from './local.ts';

/** Works on the store in the local data folder, which a running server may use at the same time. */
export async function withLocalStore<T>(work: (store: ServerStore) => Promise<T>): Promise<T> {
  const { dataDir } = localConfig();
  if (!existsSync(dataDir))
    throw new CliError(
      `there is no data folder ${dataDir}: 'npm start' makes one, or set ESIM_DATA_DIR to yours`,
    );
  const store = await openedStore(dataDir);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function openedStore(dataDir: string): Promise<ServerStore> {
  try {
    openFolder(dataDir);
    return await openStore(dataDir);
  } catch (error) {
    throw error instanceof StartError ? new CliError(error.message) : error;
  }
}
