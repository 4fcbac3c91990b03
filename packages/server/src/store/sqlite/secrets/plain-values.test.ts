import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { plainValueChecks } from '../../sealing/plain-values.harness.ts';
import { testMasterKey } from '../../sealing/test-key.harness.ts';
import { writeEmptyDatabase } from '../memory.harness.ts';
import { openSqliteStore } from '../store.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-plain-values-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let counter = 0;

for (const [sentence, check] of Object.entries(plainValueChecks))
  test(`SQLite: ${sentence}`, async () => {
    const path = join(folder, `${++counter}.db`);
    await writeEmptyDatabase(path);
    await check({
      open: () => openSqliteStore(path, () => undefined, testMasterKey),
      run: async (text) => {
        using db = new DatabaseSync(path);
        return db.prepare(text).all();
      },
    });
  });
