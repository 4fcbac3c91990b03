import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { openKeys } from '../../keys/smdp-keys.ts';
import { databaseIn, openStore } from '../data.ts';
import { claimFolder } from './claim.ts';
import { MARKER_FILE } from './marker.ts';

const root = mkdtempSync(join(tmpdir(), 'esim-folder-'));
after(() => rmSync(root, { recursive: true, force: true }));
let counter = 0;

function newFolder(): string {
  const folder = join(root, String(++counter));
  mkdirSync(folder);
  return folder;
}

/** Claims a folder as a start does. Disposing of the claim is a clean stop. */
async function claim(dataDir: string, pkiDir = join(dataDir, 'pki')) {
  const lines: string[] = [];
  const record = (line: string) => void lines.push(line);
  const log = { info: record, warn: record } as never;
  const opened = new AsyncDisposableStack();
  try {
    await claimFolder({ dataDir, pkiDir, log }, opened);
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
  return { lines, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

async function createDatabase(folder: string): Promise<void> {
  const store = await openStore({ dataDir: folder });
  await store.close();
}

test('a folder has one server at a time, and the refusal names its process', async () => {
  const folder = newFolder();
  {
    await using _first = await claim(folder);
    await assert.rejects(claim(folder), {
      name: 'StartError',
      message: new RegExp(`^another server \\(process ${process.pid}, since .*\\) uses the data folder`),
    });
    assert.ok(existsSync(join(folder, MARKER_FILE)), 'the marker of the first one remains');
  }
  await using second = await claim(folder);
  assert.deepEqual(second.lines, []);
});

test('a server that was killed leaves no lock, whatever its marker says', async (t) => {
  const folder = newFolder();
  const script = `const { lockFolder } = await import(${JSON.stringify(import.meta.resolve('./lock.ts'))});
    lockFolder(${JSON.stringify(folder)}); console.log('locked'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  // the process of the marker runs, but is no server
  writeFileSync(
    join(folder, MARKER_FILE),
    JSON.stringify({ pid: process.ppid, host: 'elsewhere', started_at: '2026-01-01T00:00:00Z' }),
  );
  await assert.rejects(claim(folder), {
    message: /another server \(process \d+ on elsewhere, since 2026-01-01T00:00:00Z\)/,
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await using _claimed = await claim(folder);
});

test('the store of a claimed folder can be opened by commands', async () => {
  const folder = newFolder();
  await using _claimed = await claim(folder);
  await createDatabase(folder);
});

test('an intact database is checked after an unclean stop, and only then', async () => {
  const folder = newFolder();
  await createDatabase(folder);
  writeFileSync(join(folder, MARKER_FILE), '');
  {
    await using unclean = await claim(folder);
    assert.match(unclean.lines[0] ?? '', /did not stop cleanly: checking the database \(1 MB\)/);
    assert.equal(unclean.lines.at(-1), 'the database is intact');
  }
  await using clean = await claim(folder);
  assert.deepEqual(clean.lines, []);
});

test('a damaged database stops the start after an unclean stop, each time, and says what to do', async () => {
  const folder = newFolder();
  await createDatabase(folder);
  fillAndDamage(databaseIn(folder));
  writeFileSync(join(folder, MARKER_FILE), '');
  for (const _ of [1, 2])
    await assert.rejects(claim(folder), {
      name: 'StartError',
      message: /esim\.db is damaged \(.+\): move the data folder away, .* 'esim restore FILE'/,
    });
});

/** Overwrites a page of a table. */
function fillAndDamage(path: string): void {
  const db = new DatabaseSync(path);
  db.exec('create table victim (text); pragma journal_mode = delete; begin');
  const insert = db.prepare('insert into victim values (?)');
  for (let i = 0; i < 200; i++) insert.run('x'.repeat(500));
  db.exec('commit');
  const { page_count: pages, page_size: size } = {
    ...db.prepare('pragma page_count').get(),
    ...db.prepare('pragma page_size').get(),
  } as { page_count: number; page_size: number };
  db.close();
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(size, 0xa5), 0, size, (pages - 3) * size);
}

test('a file that is no database stops the start after an unclean stop', async () => {
  const folder = newFolder();
  writeFileSync(databaseIn(folder), 'nonsense'.repeat(1000));
  writeFileSync(join(folder, MARKER_FILE), '');
  await assert.rejects(claim(folder), /is damaged \(file is not a database\)/);
});

test('credentials without their database stop the start', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'credentials.json'), '{}');
  const refusal = {
    name: 'StartError',
    message: /esim\.db is missing or empty, but .*credentials\.json of an/,
  };
  await assert.rejects(claim(folder), refusal);
  writeFileSync(databaseIn(folder), '');
  await assert.rejects(claim(folder), refusal);
  await createDatabase(folder);
  await using _claimed = await claim(folder);
});

test('a PKI that this server created stops the start without its database; the PKI of a user does not', async () => {
  const options = { host: 'localhost', tls: true, now: Date.now() };
  const [own, foreign] = [newFolder(), newFolder()];
  await openKeys({ ...options, directory: join(own, 'pki'), dataDir: own });
  await assert.rejects(claim(own), /is missing or empty, but .*pki of an earlier start is there/);
  await openKeys({ ...options, directory: join(foreign, 'pki') });
  await using _claimed = await claim(foreign);

  const [first, second] = [newFolder(), newFolder()];
  const shared = join(root, 'shared-pki');
  await openKeys({ ...options, directory: shared, dataDir: first });
  await assert.rejects(claim(first, shared), /shared-pki of an earlier start is there/);
  await using _second = await claim(second, shared);
});

test('the log of a database that is gone stops the start, because it may have all of its data', async () => {
  const folder = newFolder();
  writeFileSync(`${databaseIn(folder)}-wal`, 'frames');
  await assert.rejects(claim(folder), /esim\.db is missing or empty, but .*esim\.db-wal of an/);
});

test('a restore that did not finish stops the start', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, '.restore.unfinished'));
  await assert.rejects(claim(folder), /'esim restore' did not finish in/);
});
