import { after, test } from 'node:test';
import pg from 'pg';
import { openPostgresStore } from '../store/postgres/store.ts';
import {
  installations,
  NO_POSTGRES,
  optionsFor,
  startPostgres,
} from '../store/postgres/testing/server.harness.ts';
import { testMasterKey } from '../store/sealing/test-key.harness.ts';
import { anchorTests } from './anchors.harness.ts';
import { archiveTests } from './archive.harness.ts';
import { archivedRecordTests } from './archived-records.harness.ts';
import { cutTests } from './cuts.harness.ts';
import { sentAnchorTests } from './sent-anchors.harness.ts';
import { type OpenedStore, tamperingTests } from './tampering.harness.ts';

const [oldest] = installations();
if (oldest === undefined) test('PostgreSQL: tampering is found', { skip: NO_POSTGRES });
else {
  const server = await startPostgres(oldest);
  after(() => server[Symbol.asyncDispose]());
  const open = async (): Promise<OpenedStore> => {
    const url = await server.copyDatabase();
    const store = await openPostgresStore(optionsFor(url), testMasterKey);
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    return {
      store,
      sql: (text) => client.query(text),
      numbered: 'overriding system value',
      [Symbol.asyncDispose]: async () => {
        await client.end();
        await store.close();
      },
    };
  };
  tamperingTests(`PostgreSQL ${oldest.version}`, open);
  anchorTests(`PostgreSQL ${oldest.version}`, open);
  cutTests(`PostgreSQL ${oldest.version}`, open);
  archiveTests(`PostgreSQL ${oldest.version}`, open);
  archivedRecordTests(`PostgreSQL ${oldest.version}`, open);
  sentAnchorTests(`PostgreSQL ${oldest.version}`, open);
}
