import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { stocked } from '../../contract/records.harness.ts';
import { openSqliteStore } from '../store.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-checkpoints-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const content = { package: new Uint8Array(60_000) };
const newChanges = () => Array.from({ length: 20 }, () => ({ profile: stocked(), content }));

test('the log is copied into the database by a thread while the store writes, and begins again', async () => {
  const path = join(folder, 'busy.db');
  const store = await openSqliteStore(path);
  const size = (end: string) => statSync(path + end).size;
  let [written, longest, turns] = [0, 0, 0];
  while (size('') < 40e6 && turns++ < 200) {
    assert.equal(await store.save(newChanges()), 'saved');
    written += 20;
    longest = Math.max(longest, size('-wal'));
  }
  assert.ok(size('') >= 40e6, 'the database has grown');
  assert.ok(longest < 150e6, `the log has ${longest} bytes`); // at 160 MB a commit would copy it
  await store.close();
  using db = new DatabaseSync(path);
  assert.equal(db.prepare('select count(*) as n from profile').get()?.n, written);
  assert.equal(db.prepare('pragma quick_check').get()?.quick_check, 'ok');
});

test('a program that has nothing else to do waits until the store is closed', () => {
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const program = `
    import { openSqliteStore } from ${url('../store.ts')};
    const store = await openSqliteStore(${JSON.stringify(join(folder, 'program.db'))});
    const large = { kind: 'webhook', target: '', account: '', type: 'x'.repeat(60_000), iccid: '', createdAt: 1 };
    const saveSome = () => Promise.all(Array.from({ length: 20 }, () => store.addDelivery(large)));
    for (let i = 0; i < 19; i++) await saveSome();
    await new Promise((resolve) => setTimeout(resolve, 1000)); // the thread is there, and has nothing to do
    await saveSome(); // makes the thread copy the log
    await store.close();
    console.log('closed');`;
  const file = join(folder, 'program.mjs');
  writeFileSync(file, program);
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
  assert.deepEqual([status, stdout], [0, 'closed\n'], stderr);
});

test('a reader that stays keeps the log, and writes continue', async () => {
  const path = join(folder, 'read.db');
  const store = await openSqliteStore(path);
  using reader = new DatabaseSync(path);
  reader.exec('begin; select count(*) from profile');
  const start = performance.now();
  for (let i = 0; i < 30; i++) assert.equal(await store.save(newChanges()), 'saved');
  assert.ok(performance.now() - start < 30_000);
  assert.equal(reader.prepare('select count(*) as n from profile').get()?.n, 0);
  reader.exec('commit');
  await store.close();
});
