import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { put, stocked } from '../../contract/records.harness.ts';
import { openSqliteStore } from '../store.ts';

/** The package as it is stored. */
function sealedPackage(path: string, iccid: string): Uint8Array {
  using db = new DatabaseSync(path);
  const row = db.prepare('select package from profile_content where iccid = ?').get(iccid);
  return row?.package as Uint8Array;
}

test('the package of a deleted profile is overwritten in the file, and that of another stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'esim-purge-'));
  try {
    const path = join(folder, 'store.db');
    const contains = (content: Uint8Array) => {
      const file = readFileSync(path);
      // octets inside pages: a page has 4096, and its header comes first
      return [100, 4500, 8900].map((at) => file.includes(content.subarray(at, at + 16)));
    };
    const [one, other] = [stocked(), stocked()];
    const first = await openSqliteStore(path);
    await put(first, { profile: one, content: { package: randomBytes(9000) } });
    await put(first, { profile: other, content: { package: randomBytes(9000) } });
    await first.close();
    const [gone, kept] = [sealedPackage(path, one.iccid), sealedPackage(path, other.iccid)];
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
