import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { storeContract } from '../../contract/store.harness.ts';
import { writeEmptyDatabase } from '../memory.harness.ts';
import { openSqliteStore } from '../store.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-store-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let counter = 0;

storeContract('SQLite on disk', async () => {
  const path = join(folder, `${++counter}.db`);
  await writeEmptyDatabase(path);
  return openSqliteStore(path);
});
