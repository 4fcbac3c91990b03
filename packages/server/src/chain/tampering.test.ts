import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { anchorTests } from './anchors.harness.ts';
import { archiveTests } from './archive.harness.ts';
import { archivedRecordTests } from './archived-records.harness.ts';
import { cutTests } from './cuts.harness.ts';
import { sentAnchorTests } from './sent-anchors.harness.ts';
import { type OpenedStore, tamperingTests } from './tampering.harness.ts';

async function open(): Promise<OpenedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'esim-chain-'));
  const path = join(folder, 'store.db');
  const store = await openSqliteStore(path);
  const db = new DatabaseSync(path, { timeout: 5000 });
  return {
    store,
    sql: async (text) => db.exec(text),
    numbered: '',
    [Symbol.asyncDispose]: async () => {
      db.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

tamperingTests('SQLite', open);
anchorTests('SQLite', open);
cutTests('SQLite', open);
archiveTests('SQLite', open);
archivedRecordTests('SQLite', open);
sentAnchorTests('SQLite', open);
