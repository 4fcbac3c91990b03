import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import pg from 'pg';
import { next, put, released } from '../../contract/records.harness.ts';
import { type Database, plainValueChecks } from '../../sealing/plain-values.harness.ts';
import { testMasterKey } from '../../sealing/test-key.harness.ts';
import { openPostgresStore } from '../store.ts';
import { installations, NO_POSTGRES, optionsFor, startPostgres } from './server.harness.ts';

const [oldest] = installations();
if (oldest === undefined) test('PostgreSQL refuses secrets that are not sealed', { skip: NO_POSTGRES });
else {
  const server = await startPostgres(oldest);
  after(() => server[Symbol.asyncDispose]());
  const newDatabase = async (): Promise<Database> => {
    const url = await server.copyDatabase();
    return {
      open: () => openPostgresStore(optionsFor(url), testMasterKey),
      run: async (text) => {
        const client = new pg.Client(url);
        await client.connect();
        const { rows } = await client.query(text);
        await client.end();
        return rows;
      },
    };
  };
  for (const [sentence, check] of Object.entries(plainValueChecks))
    test(`PostgreSQL: ${sentence}`, async () => check(await newDatabase()));

  test('PostgreSQL: while servers of the release before may run, MatchingIDs stay as those read and write them', async () => {
    const database = await newDatabase();
    await database.run(`insert into account (id, name, created_at) values ('operator', 'operator', 1)`);
    const store = await database.open();
    const profile = released();
    await put(store, { profile });
    await store.sealSome();
    await store.refusePlain();
    assert.deepEqual(await database.run('select matching_id, matching_id_sealed from profile'), [
      { matching_id: profile.order.matchingId, matching_id_sealed: null },
    ]);
    assert.equal((await store.secretsStatus()).refusesPlain, false);
    // a server of the release before changes the order
    const matchingId = next.matchingId();
    await database.run(`update profile set matching_id = '${matchingId}', version = version + 1`);
    assert.equal((await store.profileByMatchingId(matchingId))?.iccid, profile.iccid);
    assert.equal(await store.save([{ profile: released({ matchingId }) }]), 'matchingIdTaken');
    await store.close();
  });
}
