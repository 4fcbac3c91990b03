import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { curves } from '@esim-rsp/sgp22/crypto/ecdsa';
import { readCi } from '@esim-rsp/sgp22/pki/pki-set';
import { plainKeysIn, sealedKeysIn } from '@esim-rsp/sgp22/pki/sealed-key';
import { openAnchorKey, readAnchorKey } from '../chain/anchor-key.ts';
import { openMemoryStore } from '../store/sqlite/memory.harness.ts';
import { readPkiDirectory, replaceFile, writePkiDirectory } from './pki-directory.ts';
import { renewDpTls } from './renew-dp-tls.ts';
import { hasSealedKeys, keyFilesIn, openKeysIn, openSealedKeys, sealKeysIn } from './sealed-keys.ts';
import { createTestPki, openKeys, readDpTls } from './smdp-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-sealed-keys-'));
after(() => rmSync(folder, { recursive: true }));
const store = await openMemoryStore();
after(() => store.close());

const now = Date.now();
const KEY = 'DPauth/SK_S_SM_DPauth_ECDSA_NIST.pem';
const TLS = 'DPtls/SK_S_SM_DP_TLS_NIST.pem';

/** A test PKI on both curves, all of its keys sealed. */
async function sealedPki(name: string) {
  const directory = join(folder, name);
  const plain = createTestPki({ host: 'localhost', now, curves });
  await writePkiDirectory(directory, plain);
  for (const path of keyFilesIn(plain).plainKeys)
    await replaceFile(join(directory, path), await sealKeysIn(path, plain.get(path) ?? assert.fail(), store));
  return { directory, plain, sealed: (await readPkiDirectory(directory)) ?? assert.fail() };
}

const options = (directory: string) => ({ directory, host: 'localhost', tls: true, now });

test('sealed keys have no octet of the key, are opened as they were, and the server starts with them', async () => {
  const { directory, plain, sealed } = await sealedPki('all');
  const { plainKeys, sealedKeys } = keyFilesIn(sealed);
  assert.deepEqual(plainKeys, []);
  assert.deepEqual(sealedKeys.map(({ path }) => path).toSorted(), keyFilesIn(plain).plainKeys.toSorted());
  assert.equal(hasSealedKeys(sealed), true);
  assert.equal(hasSealedKeys(plain), false);
  for (const path of keyFilesIn(plain).plainKeys) {
    const [pem = assert.fail()] = plainKeysIn(plain.get(path) ?? assert.fail());
    const text = Buffer.from(sealed.get(path) ?? assert.fail()).toString();
    for (const line of pem.split('\n').slice(1, 2)) assert.ok(!text.includes(line));
    assert.deepEqual(
      createPublicKey(text).export({ type: 'spki', format: 'der' }),
      createPublicKey(pem).export({ type: 'spki', format: 'der' }),
      'other programs can read the public key',
    );
  }
  const opened = await openSealedKeys(sealed, store);
  for (const [path, content] of plain)
    assert.equal(Buffer.from(opened.get(path) ?? []).toString(), Buffer.from(content).toString(), path);
  await assert.rejects(openKeys(options(directory)), /\.pem is sealed, and only the server that sealed it/);
  const keys = await openKeys({ ...options(directory), sealing: store });
  assert.deepEqual([keys.plainKeys.length, keys.sealedKeys.length, keys.dpTls?.length], [0, 10, 2]);
});

test('a sealed key that was changed, or that another database has sealed, is refused with the name of its file', async () => {
  const { directory, sealed } = await sealedPki('changed');
  const content = Buffer.from(sealed.get(KEY) ?? assert.fail());
  const other = Buffer.from(sealed.get('DPpb/SK_S_SM_DPpb_ECDSA_NIST.pem') ?? assert.fail());
  const blocks = (text: Buffer) => text.toString().split('-----BEGIN ESIM');
  const swapped = `${blocks(other)[0]}-----BEGIN ESIM${blocks(content)[1]}`;
  const withoutPublic = `-----BEGIN ESIM${blocks(content)[1]}`;
  for (const [text, expected] of [
    [
      swapped,
      /^the sealed key in DPauth\/SK_\S+ cannot be opened \(it was sealed for another place, or changed\)/,
    ],
    [withoutPublic, /^DPauth\/SK_\S+ cannot be read: a sealed private key is not complete/],
  ] as const) {
    writeFileSync(join(directory, KEY), text);
    await assert.rejects(openKeys({ ...options(directory), sealing: store }), {
      name: 'PkiError',
      message: expected,
    });
  }
  await using stranger = Object.assign(await openMemoryStore(), {
    [Symbol.asyncDispose]: () => stranger.close(),
  });
  await assert.rejects(
    openKeysIn(KEY, content, stranger),
    /use the database that it was sealed with, or put/,
  );
});

test('what else is in the file stays, and a second time the key is sealed with the newest data key', async () => {
  const [ci] = [...createTestPki({ host: 'localhost', now })].filter(([path]) => /CERT_CI.*pem$/.test(path));
  const plain = createTestPki({ host: 'localhost', now }).get(KEY) ?? assert.fail();
  const both = Buffer.concat([
    Buffer.from('# our key\n'),
    ci?.[1] ?? assert.fail(),
    plain,
    Buffer.from('# end\n'),
  ]);
  const first = await sealKeysIn(KEY, both, store);
  const text = Buffer.from(first).toString();
  assert.match(text, /^# our key\n-----BEGIN CERTIFICATE[\s\S]+END ESIM SEALED PRIVATE KEY-----\n# end\n$/);
  assert.equal(Buffer.from(await openKeysIn(KEY, first, store)).toString(), both.toString());
  await store.addDataKey(Date.now() - 1);
  const second = await sealKeysIn(KEY, first, store);
  const dataKeyOf = (content: Uint8Array) => sealedKeysIn(content)[0]?.sealed[9];
  assert.deepEqual(
    [dataKeyOf(first), dataKeyOf(second)],
    [1, (await store.secretsStatus()).dataKeys.at(-1)?.id],
  );
  assert.equal(Buffer.from(await openKeysIn(KEY, second, store)).toString(), both.toString());
});

test('a renewed DPtls has a sealed key where the old one was sealed', async () => {
  const { directory } = await sealedPki('renewed');
  const before = await readDpTls({ ...options(directory), sealing: store });
  await assert.rejects(renewDpTls({ directory, now }), /is sealed, and only the server/);
  await renewDpTls({ directory, now, sealing: store });
  const after = await readDpTls({ ...options(directory), sealing: store });
  assert.notEqual(after[0].certificate.serialNumber, before[0].certificate.serialNumber);
  const text = readFileSync(join(directory, TLS), 'utf8');
  assert.equal(text.split('BEGIN ESIM SEALED').length, 2);
  assert.ok(!/BEGIN (?:EC )?PRIVATE KEY/.test(text));
  const files = (await readPkiDirectory(directory)) ?? assert.fail();
  assert.ok(readCi(await openSealedKeys(files, store), 'P-256').key);
});

test('the key that signs anchors is sealed from the start, and one of an earlier release at the next', async () => {
  const dataDir = mkdtempSync(join(folder, 'anchors-'));
  const path = join(dataDir, 'audit-key.pem');
  const created = await openAnchorKey(dataDir, store);
  assert.ok(!readFileSync(path, 'utf8').includes('BEGIN PRIVATE KEY'));
  const again = await openAnchorKey(dataDir, store);
  assert.deepEqual([again.id, readAnchorKey(dataDir)?.id], [created.id, created.id]);
  assert.ok(created.verify('text', again.sign('text')));

  const plain = await openKeysIn(path, readFileSync(path), store);
  writeFileSync(path, plain);
  const unsealed = { ...store, sealForFile: async () => undefined };
  assert.equal((await openAnchorKey(dataDir, unsealed)).id, created.id);
  assert.deepEqual(
    readFileSync(path),
    Buffer.from(plain),
    'it stays as it is while the database seals nothing',
  );
  assert.equal((await openAnchorKey(dataDir, store)).id, created.id);
  assert.equal(sealedKeysIn(readFileSync(path)).length, 1);
});
