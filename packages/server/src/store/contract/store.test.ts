import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { openMemoryStore, writeEmptyDatabase } from '../sqlite/memory.harness.ts';
import { openSqliteStore } from '../sqlite/store.ts';
import { storeContract } from './store.harness.ts';

/** Every engine passes the same contract: a line opens an empty store of it. */

const folder = mkdtempSync(join(tmpdir(), 'esim-store-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let counter = 0;

storeContract('SQLite in memory', openMemoryStore);
storeContract('SQLite on disk', async () => {
  const path = join(folder, `${++counter}.db`);
  await writeEmptyDatabase(path);
  return openSqliteStore(path);
});
