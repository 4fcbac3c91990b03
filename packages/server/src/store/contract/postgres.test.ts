import { after, test } from 'node:test';
import { openPostgresStore } from '../postgres/store.ts';
import { installations, NO_POSTGRES, optionsFor, startPostgres } from '../postgres/testing/server.harness.ts';
import { testMasterKey } from '../sealing/test-key.harness.ts';
import { storeContract } from './store.harness.ts';

/** PostgreSQL passes the contract that every engine passes: here the oldest version of this machine. */

const [oldest] = installations();
if (oldest === undefined) test('PostgreSQL passes the contract', { skip: NO_POSTGRES });
else {
  const server = await startPostgres(oldest);
  after(() => server[Symbol.asyncDispose]());
  storeContract(`PostgreSQL ${oldest.version}`, async () =>
    openPostgresStore(optionsFor(await server.copyDatabase()), testMasterKey),
  );
}
