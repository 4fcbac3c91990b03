import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { StoreError } from '../../store/ports/store-error.ts';
import { masterKeySource } from './master-key-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-master-key-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const base64 = Buffer.alloc(32, 'key ').toString('base64');
const file = join(folder, 'key');
writeFileSync(file, `${base64}\n`);
chmodSync(file, 0o600);

const sourceOf = (masterKey: Parameters<typeof masterKeySource>[0]['masterKey']) =>
  masterKeySource({ dataDir: folder, ...(masterKey !== undefined && { masterKey }) });

test('the variable, the file and the command give the same key, which has no printable form', async () => {
  const sources = [{ base64 }, { file }, { command: `cat '${file}'` }].map(sourceOf);
  const keys = await Promise.all(sources.map((source) => source.read()));
  const [id] = keys.map((key) => key?.id);
  assert.match(id ?? '', /^[0-9a-f]{16}$/);
  for (const key of keys) {
    assert.equal(key?.id, id);
    assert.equal(JSON.stringify(key), '"[MasterKey]"');
  }
});

const badCommands = {
  'that fails': ['echo key-in-the-output; exit 3', /failed \(exit code 3\): run it by hand/],
  'that does not exist': ['/nowhere/kms-client key-in-the-output', /failed \(exit code 127\)/],
  'that prints no key': ['echo key-in-the-output', /has no master key: 32 octets in base64 are expected/],
  'that prints too much': ['yes key-in-the-output | head -c 200000', /failed \(/],
} as const;

for (const [name, [command, expected]] of Object.entries(badCommands))
  test(`a command ${name} stops the start, and its output is in no message`, async () => {
    await assert.rejects(sourceOf({ command }).read(), (error) => {
      assert.ok(error instanceof StoreError);
      assert.match(error.message, expected);
      assert.ok(!error.message.includes('key-in-the-output'));
      return true;
    });
  });

test('without a setting the key is in the data folder: created once, for its owner only', async () => {
  const source = sourceOf(undefined);
  assert.equal(await source.read(), undefined);
  const created = await source.create?.();
  assert.equal((await source.read())?.id, created?.id);
  assert.equal((await sourceOf(undefined).create?.())?.id, created?.id, 'the first key stays');
  assert.equal(statSync(join(folder, 'master.key')).mode & 0o777, 0o600);
});
