import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { openKeys } from '../../keys/smdp-keys.ts';
import { keyFile } from '../../store/sealing/key-file.ts';
import { openStore } from '../data.ts';
import { lockFolder } from '../folder/lock.ts';
import { writeMarker } from '../folder/marker.ts';
import { type BackupProgress, writeBackup } from './backup.ts';
import { isSafePath } from './manifest.ts';
import { restoreBackup } from './restore.ts';

const root = mkdtempSync(join(tmpdir(), 'esim-backup-'));
after(() => rmSync(root, { recursive: true, force: true }));
let counter = 0;
const newPath = () => join(root, String(++counter));
const now = Date.UTC(2026, 10, 1);
const account = { id: 'a', name: 'A', createdAt: 1 };

/** A folder as a server has it, which is open while `work` runs. */
async function withServerFolder(
  work: (dataDir: string, addAccount: (id: string) => Promise<void>) => Promise<void>,
) {
  const dataDir = newPath();
  mkdirSync(dataDir);
  const unlock = lockFolder(dataDir);
  writeMarker(dataDir, now);
  const store = await openStore({ dataDir, masterKey: { file: masterKey } });
  await store.addAccount(account);
  await openKeys({ directory: join(dataDir, 'pki'), host: 'localhost', tls: true, now: Date.now(), dataDir });
  writeFileSync(join(dataDir, 'credentials.json'), '{}');
  writeFileSync(join(dataDir, 'master.key.5bb6f7f9c06cd1b3'), 'an old key');
  mkdirSync(join(dataDir, 'phones'));
  writeFileSync(join(dataDir, 'phones', 'one.json'), 'card');
  writeFileSync(join(dataDir, 'phones', 'one.json.lock'), 'pid');
  await work(dataDir, async (id) => void (await store.addAccount({ ...account, id })));
  await store.close();
  unlock();
}

const backUp = (dataDir: string, file: string, report = (_: BackupProgress) => {}) =>
  writeBackup({ dataDir, pkiDir: join(dataDir, 'pki'), file, now, report });
/** The master key of all folders here. */
const masterKey = join(root, 'master');
writeFileSync(masterKey, Buffer.alloc(32, 1).toString('base64'));
const restore = (
  file: string,
  dataDir: string,
  pkiDir = join(dataDir, 'pki'),
  { key = masterKey }: { readonly key?: string } = {},
) => restoreBackup({ file, dataDir, pkiDir, masterKey: keyFile(key), report: () => {} });

/** A backup of one folder, for tests that change it. */
const backup = newPath();
await withServerFolder(async (dataDir) => void (await backUp(dataDir, backup)));

async function accountsIn(dataDir: string): Promise<string[]> {
  const store = await openStore({ dataDir, masterKey: { file: masterKey } });
  const ids = (await store.accounts()).map(({ id }) => id);
  await store.close();
  return ids;
}

test('a backup of an open database, with writes in its log, restores everything but what belongs to the process', async () => {
  const [file, target] = [newPath(), newPath()];
  await withServerFolder(async (dataDir, addAccount) => {
    const steps = new Set<string>();
    const manifest = await backUp(dataDir, file, ({ step, share }) => {
      assert.ok(share >= 0 && share <= 1);
      steps.add(step);
    });
    assert.deepEqual([...steps], ['copying the database', 'checking the copy', 'writing the backup']);
    await addAccount('later');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const restored = await restore(file, target);
    assert.deepEqual(restored, { manifest, pkiDir: join(target, 'pki') });
    assert.deepEqual(readdirSync(target).sort(), ['esim.db', 'phones', 'pki']);
    assert.deepEqual(readdirSync(join(target, 'phones')), ['one.json']);
    for (const name of ['pki/DPauth/SK_S_SM_DPauth_ECDSA_NIST.pem', 'pki/.created-by-server'])
      assert.deepEqual(readFileSync(join(target, name)), readFileSync(join(dataDir, name)), name);
    assert.equal(statSync(join(target, 'pki')).mode & 0o777, 0o700);
    assert.equal(statSync(join(target, 'esim.db')).mode & 0o777, 0o600);
    assert.deepEqual(await accountsIn(target), ['a'], 'as it was at the backup');
  });
  assert.deepEqual(
    readdirSync(root).filter((name) => name.includes('unfinished')),
    [],
  );
});

test('a changed octet of a backup is found before anything is restored, unless it is one that has no use', async () => {
  const good = readFileSync(backup);
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1025), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const [file, target] = [newPath(), newPath()];
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ change;
      writeFileSync(file, bad);
      const outcome = await restore(file, target).then(
        () => 'restored',
        (error: Error) => error.name,
      );
      // nothing uses the padding after a file
      if (outcome === 'restored') assert.deepEqual(await accountsIn(target), ['a']);
      else {
        assert.equal(outcome, 'StartError');
        assert.deepEqual(readdirSync(target), []);
      }
      rmSync(target, { recursive: true });
      rmSync(file);
    }),
    { numRuns: 60 },
  );
});

test('a backup says which master key it needs, does not have it, and is restored with it only', async () => {
  const file = newPath();
  const other = newPath();
  writeFileSync(other, Buffer.alloc(32, 2).toString('base64'));
  await withServerFolder(async (dataDir) => {
    writeFileSync(join(dataDir, 'master.key'), Buffer.alloc(32, 3));
    await backUp(dataDir, file);
  });
  const { master_key: id = assert.fail('no master_key'), files } = (await restore(file, newPath())).manifest;
  assert.deepEqual(
    files.filter(({ name }) => name.includes('master')),
    [],
  );
  const refused = new RegExp(
    `sealed with the master key ${id}, and there is [0-9a-f]{16} in the file .+: put`,
  );
  await assert.rejects(restore(file, newPath(), undefined, { key: other }), refused);
  const target = newPath();
  await assert.rejects(restore(file, target, undefined, { key: newPath() }), /there is none in the file/);
  assert.deepEqual(readdirSync(target), []);
});

test('a damaged database in a backup is found by its checksum', async () => {
  const file = newPath();
  const bad = readFileSync(backup);
  bad[512 + 5000] = (bad[512 + 5000] ?? 0) ^ 1;
  writeFileSync(file, bad);
  await assert.rejects(
    restore(file, newPath()),
    /is not a complete backup: esim\.db is damaged; use another/,
  );
});

test('a backup that ends too early is refused', async () => {
  const good = readFileSync(backup);
  for (const length of [0, 100, 512, 5000, good.length - 5000]) {
    const file = newPath();
    writeFileSync(file, good.subarray(0, length));
    await assert.rejects(restore(file, newPath()), {
      name: 'StartError',
      message: /is not a complete backup: .+; use another backup/,
    });
  }
});

test('a path that leaves the folder is not safe', () => {
  for (const path of ['../a', 'a/../../b', '/etc/passwd', 'a//b', 'C:/a', 'a\\b', '.', '', 'a\0b'])
    assert.equal(isSafePath(path), false, path);
  for (const path of ['esim.db', 'pki/.created-by-server', 'pki/DPtls/a b.pem']) assert.ok(isSafePath(path));
});

test('a folder that is not empty is not restored into', async () => {
  const target = newPath();
  mkdirSync(target);
  writeFileSync(join(target, 'mine'), '');
  await assert.rejects(restore(backup, target), /is not empty \(mine\): move its content away/);
  assert.deepEqual(readdirSync(target), ['mine']);
});

test('a PKI elsewhere is restored if that folder is empty, and is not changed otherwise', async () => {
  const [pki, first, second] = [newPath(), newPath(), newPath()];
  assert.equal((await restore(backup, first, pki)).pkiDir, pki);
  const names = readdirSync(pki);
  assert.ok(names.includes('DPauth'));
  writeFileSync(join(pki, 'mine'), '');
  assert.equal((await restore(backup, second, pki)).pkiDir, undefined);
  assert.deepEqual(readdirSync(pki).sort(), [...names, 'mine'].sort());
  assert.deepEqual(await accountsIn(second), ['a']);
});

test('a backup does not replace a file, and is not put into the data folder', async () => {
  await withServerFolder(async (dataDir) => {
    await assert.rejects(backUp(dataDir, backup), /exists already: choose another file/);
    await assert.rejects(backUp(dataDir, join(dataDir, 'b.tar')), /is in the data folder: choose/);
    await assert.rejects(
      backUp(dataDir, join(root, 'none', 'b.tar')),
      /cannot be written \(ENOENT.*must be writable/,
    );
  });
});
