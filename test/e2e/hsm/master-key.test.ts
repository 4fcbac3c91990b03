import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createSoftHsm, modulePath, PIN, withoutTokens } from '#server/keys/token/softhsm.harness';
import { startEsimLoop } from '../../harness/esim.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released } from '../../harness/profiles.ts';
import { type Settings, startServer } from '../../harness/server.ts';
import { succeed } from './ceremony.ts';

/** The master key in SoftHSM2, with the commands of docs/guide/secrets.md. */

const skip = { skip: withoutTokens };
const hsm = withoutTokens ? undefined : createSoftHsm('esim');
const loop = startEsimLoop();
after(() => {
  loop[Symbol.dispose]();
  hsm?.[Symbol.dispose]();
});
const folder = hsm?.folder ?? '';
const pin = { ...hsm?.env, ESIM_PKCS11_PIN_FILE: hsm?.pinFile ?? '' };
const guide = readFileSync(new URL('../../../docs/guide/secrets.md', import.meta.url), 'utf8');

/** A command of the guide: it must be there as it is run, but for the names of this test. */
const says = (text: string) => assert.ok(guide.includes(text), `the guide does not say: ${text}`);

async function createKey(object?: string): Promise<string> {
  const args = ['--module', modulePath, '--token', 'esim', ...(object ? ['--object', object] : []), '--json'];
  const created = await succeed(loop.run({ cwd: folder, env: pin }, 'secrets', 'create-key', ...args));
  assert.equal(created.extractable, false);
  return String(created.uri);
}

const statusOf = (env: Settings) => succeed(loop.run({ cwd: folder, env }, 'secrets', 'status', '--json'));

test(
  'a server starts with a master key in a token, seals its keys, and comes back from a backup',
  skip,
  async () => {
    says('npx esim secrets create-key --module /usr/lib/softhsm/libsofthsm2.so --token esim');
    const uri = await createKey();
    assert.match(
      uri,
      /^pkcs11:token=esim;object=esim-master-key;id=(%[0-9A-F]{2}){8};type=secret-key\?module-path=/,
    );
    const settings = { ...pin, ESIM_DATA_DIR: join(folder, 'own'), ESIM_MASTER_KEY_URI: uri };
    const esim = (env: Settings, ...args: string[]) =>
      succeed(loop.run({ cwd: folder, env }, ...args, '--json'));
    const server = await startServer(settings);
    assert.equal(existsSync(join(server.dataDir, 'master.key')), false);
    assert.ok(!server.output().includes('the master key is in the data folder'));
    const { master_key: id, master_key_place: place } = await statusOf(settings);
    assert.deepEqual(
      [place, `id=${String(id).replaceAll(/../g, (octet) => `%${octet.toUpperCase()}`)}`],
      ["the token 'esim'", /id=(?:%[0-9A-F]{2})+/.exec(uri)?.[0]],
    );
    await using phone = await newPhone(server);
    const { activationCode } = await released(server);
    await esim(settings, 'pki', 'seal');
    const file = join(folder, 'esim.tar');
    await esim(settings, 'backup', file);
    await server.close();

    const restored = { ...settings, ESIM_DATA_DIR: join(folder, 'restored'), ESIM_WORKERS: '2' };
    const { ESIM_MASTER_KEY_URI: _uri, ...without } = restored;
    const refused = await loop.run({ cwd: folder, env: without }, 'restore', file);
    assert.match(
      refused.err,
      new RegExp(`sealed with the master key ${id}, and there is none in .*ESIM_MASTER_KEY_URI`),
    );
    await esim(restored, 'restore', file);
    await using again = await startServer(restored);
    await downloadBy(phone, activationCode.replace(/\$[^$]+\$/, `$${again.smdpAddress}$`));
  },
);

test(
  'a master key in a file is replaced by one in a token, by another in the token, and by a file again',
  skip,
  async () => {
    const dataDir = join(folder, 'moved');
    const inFile = { ...pin, ESIM_DATA_DIR: dataDir };
    const first = await startServer(inFile);
    const { iccid } = await released(first);
    await first.close();
    says("npx esim secrets rotate --new-key-uri 'pkcs11:…'");
    const [uri, second] = [await createKey('moved'), await createKey('moved again')];
    const rotate = (env: Settings, ...args: string[]) =>
      succeed(loop.run({ cwd: folder, env }, 'secrets', 'rotate', ...args, '--json'));
    const moved = await rotate(inFile, '--new-key-uri', uri);
    assert.equal(moved.uri, uri);
    await assert.rejects(
      startServer(inFile),
      new RegExp(`sealed with the master key ${moved.to}, but the file .* has`),
    );
    rmSync(join(dataDir, 'master.key'));

    const inToken = { ...inFile, ESIM_MASTER_KEY_URI: uri };
    const none = await loop.run({ cwd: folder, env: inToken }, 'secrets', 'rotate');
    assert.match(none.err, /name the new key with --new-key-file or --new-key-uri/);
    assert.equal((await rotate(inToken, '--new-key-uri', second)).from, moved.to);
    const newest = { ...inFile, ESIM_MASTER_KEY_URI: second };
    await rotate(newest, '--reseal', '--no-wait', '--new-key-file', join(folder, 'new.key'));
    await using last = await startServer({ ...inFile, ESIM_MASTER_KEY_FILE: join(folder, 'new.key') });
    assert.equal((await last.api.getEUICCProfile(iccid)).data.state, 'RELEASED');
  },
);

test('without the token, or with a wrong PIN or key, the start stops and says why', skip, async () => {
  const uri = await createKey('strict');
  const settings = { ...pin, ESIM_DATA_DIR: join(folder, 'strict'), ESIM_MASTER_KEY_URI: uri };
  await (await startServer(settings)).close();
  const wrongPin = join(folder, 'wrong-pin');
  writeFileSync(wrongPin, '00000000');
  for (const [changes, message] of [
    [{ SOFTHSM2_CONF: join(folder, 'none.conf') }, /master key in the token 'esim' cannot be used/],
    [{ ESIM_PKCS11_PIN_FILE: wrongPin }, /master key in the token 'esim' cannot be used: .*refuses the PIN/],
    [{ ESIM_PKCS11_PIN_FILE: '' }, /there is no PIN of the token/],
    [
      { ESIM_MASTER_KEY_URI: await createKey('strange') },
      /sealed with the master key .*, but the token 'esim' has the/,
    ],
    [
      { ESIM_MASTER_KEY_URI: 'pkcs11:token=esim;pin-value=1234' },
      /ESIM_MASTER_KEY_URI is not usable: pkcs11:/,
    ],
  ] as const)
    await assert.rejects(startServer({ ...settings, ...changes }), (error: Error) => {
      assert.match(error.message, message);
      assert.ok(!error.message.includes(PIN) && !error.message.includes('1234'));
      return true;
    });
  await (await startServer(settings)).close();
});
