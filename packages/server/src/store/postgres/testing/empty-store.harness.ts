import { after } from 'node:test';
import type { ServerStore } from '../../ports/server-store.ts';
import { testMasterKey } from '../../sealing/test-key.harness.ts';
import { openMemoryStore } from '../../sqlite/memory.harness.ts';

const port = process.env.ESIM_TEST_POSTGRES_PORT;

/** An empty store for a test: in memory or, with the PostgreSQL that test/postgres/run.ts starts, a database there, which is closed after the test. */
export async function openEmptyStore(): Promise<ServerStore> {
  if (port === undefined) return openMemoryStore();
  const { openPostgresStore } = await import('../store.ts');
  const { databasesOn, optionsFor } = await import('./server.harness.ts');
  databases ??= databasesOn(Number(port));
  const store = await openPostgresStore(optionsFor(await databases.copyDatabase()), testMasterKey);
  after(() => store.close());
  return store;
}

let databases: ReturnType<typeof import('./server.harness.ts').databasesOn> | undefined;
