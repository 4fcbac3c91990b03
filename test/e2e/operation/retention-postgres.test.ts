import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openPostgresStore } from '#server/store/postgres/store';
import {
  installations,
  NO_POSTGRES,
  optionsFor,
  startPostgres,
} from '#server/store/postgres/testing/server.harness';
import { TEST_KEY, testMasterKey } from '#server/store/sealing/test-key.harness';
import { checkKilled, fillWithOld } from './retention.harness.ts';

/** A server on PostgreSQL that deletes old events, and is killed while it does. */

const root = mkdtempSync(join(tmpdir(), 'esim-retention-'));
after(() => rmSync(root, { recursive: true, force: true }));

test('a server on PostgreSQL that is killed while it deletes old events loses none that is not in the archive, and the logs stay whole', {
  skip: installations().length === 0 ? NO_POSTGRES : false,
}, async () => {
  await using postgres = await startPostgres(installations()[0] ?? assert.fail());
  const url = await postgres.copyDatabase();
  const open = () => openPostgresStore(optionsFor(url), testMasterKey);
  const store = await open();
  await fillWithOld(store);
  await store.close();
  await checkKilled({
    settings: {
      ESIM_DATA_DIR: join(root, 'data'),
      ESIM_DATABASE_URL: url,
      ESIM_DATABASE_CONNECTIONS: '4',
      ESIM_MASTER_KEY: TEST_KEY,
    },
    archive: join(root, 'archive'),
    open,
  });
});
