import { after, test } from 'node:test';
import { openPostgresStore } from '../postgres/store.ts';
import { installations, optionsFor, startPostgres } from '../postgres/testing/server.harness.ts';
import { testMasterKey } from '../sealing/test-key.harness.ts';
import { storeContract } from './store.harness.ts';

/** The contract of postgres.test.ts, on the newest version of PostgreSQL of this machine. */

const [oldest, ...newer] = installations();
const newest = newer.at(-1);
if (newest === undefined) {
  const skip = oldest === undefined ? 'there is no PostgreSQL' : `only version ${oldest.version} is here`;
  test('a newer PostgreSQL passes the contract', { skip });
} else {
  const server = await startPostgres(newest);
  after(() => server[Symbol.asyncDispose]());
  storeContract(`PostgreSQL ${newest.version}`, async () =>
    openPostgresStore(optionsFor(await server.copyDatabase()), testMasterKey),
  );
}
