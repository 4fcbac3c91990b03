import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { memoryStore } from '../memory/store.ts';
import { openSqliteStore } from '../sqlite/store.ts';
import { storeContract } from './store.testdata.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-store-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let counter = 0;

storeContract('memory', async () => memoryStore());
storeContract('SQLite', () => openSqliteStore(join(folder, `${++counter}.db`)));
