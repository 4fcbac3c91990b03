import { existsSync } from 'node:fs';
import { databaseIn, openStore, type StorePlace } from '@esim-rsp/server/process/data';
import { StartError } from '@esim-rsp/server/process/start-error';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { CliError } from './command.ts';
import { localConfig } from './local.ts';

/** Whether the data folder has the data of a server. */
export function hasLocalStore(): boolean {
  return hasStore(localConfig());
}

/** Works with the data of the server, which may be running or not. It never creates data. */
export async function withLocalStore<T>(work: (store: ServerStore) => Promise<T>): Promise<T> {
  const config = localConfig();
  requireLocalStore(config);
  const store = await withStartErrors(() => openStore(config));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Writes an action of the command line into the audit log of an account. */
export async function writeAuditEntry(
  store: Pick<ServerStore, 'addAuditEntry'>,
  { target, ...act }: { readonly account: string; readonly operation: string; readonly target: string },
): Promise<void> {
  await store.addAuditEntry({ at: Date.now(), ...act, targets: [target] });
}

/** Writes an action that concerns the whole server into the audit log of each account. */
export async function writeAuditEntries(
  store: Pick<ServerStore, 'accounts' | 'addAuditEntry'>,
  operation: string,
  targets: readonly string[],
): Promise<void> {
  for (const { id: account } of await store.accounts())
    await store.addAuditEntry({ at: Date.now(), account, operation, targets });
}

/** In PostgreSQL, or in the data folder. */
function hasStore({ dataDir, database }: StorePlace): boolean {
  return database !== undefined || existsSync(databaseIn(dataDir));
}

/** For commands about the files of the data folder. Throws a CliError if the data is in PostgreSQL. */
export function requireFiles({ database }: StorePlace, instead: string): void {
  if (database !== undefined)
    throw new CliError(`the data of this server is in PostgreSQL (ESIM_DATABASE_URL): ${instead}`);
}

/** Throws a CliError if there is no data of a server. */
export function requireLocalStore(place: StorePlace): void {
  const { dataDir } = place;
  if (!hasStore(place))
    throw new CliError(
      `there is no server data in ${dataDir}: start the server there once, or set ESIM_DATA_DIR to its folder`,
    );
}

/** Does something with the data folder. What the server would refuse to start for is an error of the command. */
export async function withStartErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StartError ? new CliError(error.message) : error;
  }
}
