import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { put, stocked } from '../../contract/records.harness.ts';
import { openSqliteStore } from '../store.ts';

test('the package of a deleted profile is overwritten in the file, and that of another stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'esim-purge-'));
  try {
    const path = join(folder, 'store.db');
    const [gone, kept] = [randomBytes(9000), randomBytes(9000)];
    const contains = (content: Buffer) => {
      const file = readFileSync(path);
      // octets inside pages: a page has 4096, and its header comes first
      return [100, 4500, 8900].map((at) => file.includes(content.subarray(at, at + 16)));
    };
    const [one, other] = [stocked(), stocked()];
    const first = await openSqliteStore(path);
    await put(first, { profile: one, content: { package: gone } });
    await put(first, { profile: other, content: { package: kept } });
    await first.close();
    assert.deepEqual(contains(gone), [true, true, true]);
    const store = await openSqliteStore(path);
    const { iccid, account } = one;
    await put(store, { purge: { iccid, account, version: 1, es2Calls: [], at: 9, history: 'keep' } });
    await store.close();
    assert.deepEqual(contains(gone), [false, false, false]);
    assert.deepEqual(contains(kept), [true, true, true]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
