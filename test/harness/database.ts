import { resolve } from 'node:path';
import { openStore } from '@esim-rsp/server/process/data';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { databasesOn, optionsFor } from '#server/store/postgres/testing/server.harness';

/**
 * With ESIM_TEST_POSTGRES_PORT, the servers of these tests store everything in PostgreSQL: each data folder has a database there.
 * test/postgres/run.ts starts one, and runs tests with it.
 */
const port = process.env.ESIM_TEST_POSTGRES_PORT;
const server = port === undefined ? undefined : databasesOn(Number(port));
const urls = new Map<string, string>();

/** Creates the database of a data folder, unless it has one. */
export async function createDatabaseFor(dataDir: string): Promise<void> {
  if (server !== undefined && !urls.has(resolve(dataDir)))
    urls.set(resolve(dataDir), await server.createDatabase());
}

/** The settings of a data folder that has a database in PostgreSQL. */
export function databaseOf(dataDir: string): Readonly<Record<string, string>> {
  const url = urls.get(resolve(dataDir));
  return url === undefined ? {} : { ESIM_DATABASE_URL: url, ESIM_DATABASE_CONNECTIONS: '4' };
}

/** Opens the store of a data folder beside its server. `masterKeyFile`: absent if the key is in the data folder. */
export function openStoreOf(dataDir: string, masterKeyFile?: string): Promise<ServerStore> {
  const url = urls.get(resolve(dataDir));
  return openStore({
    dataDir,
    ...(url !== undefined && { database: optionsFor(url) }),
    ...(masterKeyFile !== undefined && { masterKey: { file: masterKeyFile } }),
  });
}
