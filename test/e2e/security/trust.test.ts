import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fromBase64, toBase64 } from '@esim-rsp/codec';
import { type Card, type Es9Channel, sendNotifications } from '@esim-rsp/euicc';
import { writePkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { readCertificate } from '@esim-rsp/sgp22/pki/certificate';
import { makeTestPki, testPkiFiles } from '@esim-rsp/sgp22/pki/test-pki';
import { sgp26File } from '#sgp22/pki/sgp26.harness';
import { runEsim } from '../../harness/esim.ts';
import { downloadBy, newPhone, refusedAt } from '../../harness/phone.ts';
import { released, stateOf } from '../../harness/profiles.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';

/** Two servers, each under a CI of its own. */
let ours: ServerProcess;
let theirs: ServerProcess;
before(async () => {
  ours = await startServer();
  theirs = await startServer();
});
after(async () => {
  await ours[Symbol.asyncDispose]();
  await theirs[Symbol.asyncDispose]();
});

/** A card as this server makes them. */
async function cardOf(server: ServerProcess): Promise<Card> {
  await using phone = await newPhone(server);
  return phone.phone.card();
}

test('a phone under another CI is refused by the server: there is no CI that both know', async () => {
  const { iccid, activationCode } = await released(ours);
  const tlsTrust = (await cardOf(ours)).ciCertificates;
  await using phone = await newPhone(ours, { pkiDir: theirs.pkiDir, tlsTrust });
  await assert.rejects(downloadBy(phone, activationCode), refusedAt('initiateAuthentication', '8.8.2/3.1'));
  assert.equal(await stateOf(ours, iccid), 'RELEASED');
});

test('a phone that claims a CI which did not issue its EUM is refused by the server', async () => {
  const { iccid, activationCode } = await released(ours);
  const { ciCertificates, credentials } = await cardOf(ours);
  const [{ ciPKId } = assert.fail()] = credentials;
  const claiming = (card: Card) => ({
    ...card,
    ciCertificates,
    credentials: card.credentials.map((credential) => ({ ...credential, ciPKId })),
  });
  await using phone = await newPhone(ours, { pkiDir: theirs.pkiDir, changed: claiming });
  await assert.rejects(downloadBy(phone, activationCode), refusedAt('authenticateClient', '8.11.1/3.9'));
  assert.equal(await stateOf(ours, iccid), 'RELEASED');
});

test('a phone whose certificate belongs to another key is refused by the server', async () => {
  const { activationCode } = await released(ours);
  const other = await cardOf(ours);
  const [{ privateKey } = assert.fail()] = other.credentials;
  const stolen = (card: Card) => ({
    ...card,
    credentials: card.credentials.map((credential) => ({ ...credential, privateKey })),
  });
  await using phone = await newPhone(ours, { changed: stolen });
  await assert.rejects(downloadBy(phone, activationCode), refusedAt('authenticateClient', '8.1/6.1'));
});

test('a server under another CI is refused by the phone in TLS, before anything is said to it', async () => {
  const { iccid, activationCode } = await released(theirs);
  await using phone = await newPhone(theirs, { pkiDir: ours.pkiDir });
  await assert.rejects(downloadBy(phone, activationCode), {
    name: 'LpaFailure',
    step: 'initiateAuthentication',
    message:
      'the TLS certificate of localhost is refused: no trusted CI has the key that it names as its issuer',
    advice:
      'the phone trusts the CIs it was created with: use a server under one of them, or create a phone with the PKI of this server',
  });
  assert.equal(await stateOf(theirs, iccid), 'RELEASED');
});

test('a server under another CI is refused by the eUICC, even if its TLS was believed and the CI list was changed on the way', async () => {
  const { iccid, activationCode } = await released(theirs);
  const foreign = await cardOf(theirs);
  const [{ ciPKId: mine } = assert.fail()] = (await cardOf(ours)).credentials;
  const [{ ciPKId: foreignId } = assert.fail()] = foreign.credentials;
  const lying = (es9: Es9Channel): Es9Channel => ({
    post: async (address, path, body) => {
      const { euiccInfo1 } = body;
      if (euiccInfo1 === undefined) return es9.post(address, path, body);
      const changed = replaced(fromBase64(euiccInfo1), mine, foreignId);
      return es9.post(address, path, { ...body, euiccInfo1: toBase64(changed) });
    },
  });
  await using phone = await newPhone(theirs, {
    pkiDir: ours.pkiDir,
    tlsTrust: foreign.ciCertificates,
    through: lying,
  });
  await assert.rejects(downloadBy(phone, activationCode), {
    name: 'LpaFailure',
    step: 'authenticateServer',
    message: 'the eUICC refuses the server: it is under a CI that this eUICC does not know (ciPKUnknown)',
  });
  assert.equal(await stateOf(theirs, iccid), 'RELEASED');
});

function replaced(bytes: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  const hex = Buffer.from(bytes).toString('hex');
  const [before, after] = [from, to].map((id) => Buffer.from(id).toString('hex')) as [string, string];
  assert.ok(hex.includes(before));
  return Buffer.from(hex.replaceAll(before, after), 'hex');
}

test('a server that has Brainpool certificates only, in TLS too, is downloaded from', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'esim-brp-'));
  const pki = makeTestPki({
    random: systemRandom,
    now: Date.now(),
    generateKey: generateSigningKey,
    curve: 'brainpoolP256r1',
    hosts: ['localhost'],
  });
  const pkiDir = join(folder, 'pki');
  await writePkiDirectory(pkiDir, testPkiFiles(pki));
  await using server = await startServer({ ESIM_PKI_DIR: pkiDir });
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  assert.equal(await stateOf(server, iccid), 'DOWNLOADED');
  rmSync(folder, { recursive: true });
});

test('a server with a PKI on each curve serves phones that know one of them, in TLS too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'esim-both-'));
  const pkiDir = join(folder, 'pki');
  const dataDir = join(folder, 'data');
  const made = await runEsim({ cwd: folder, env: {} }, 'pki', 'init', '--dir', pkiDir, '--curve', 'both');
  assert.equal(made.code, 0, made.err);
  await using server = await startServer({ ESIM_PKI_DIR: pkiDir, ESIM_DATA_DIR: dataDir });
  const env = {
    ESIM_DATA_DIR: dataDir,
    ESIM_PKI_DIR: pkiDir,
    ESIM_SMDP_ADDRESS: server.smdpAddress,
  };
  const phone = (...args: string[]) => runEsim({ cwd: folder, env }, 'phone', ...args);
  for (const curve of ['P-256', 'brainpoolP256r1']) {
    const { iccid, activationCode } = await released(server);
    const created = await phone('create', '--name', curve, '--curve', curve);
    assert.equal(created.code, 0, created.err);
    const downloaded = await phone('download', activationCode, '--name', curve);
    assert.equal(downloaded.code, 0, downloaded.err);
    assert.equal(await stateOf(server, iccid), 'INSTALLED', curve);
  }
  const wrong = await phone('create', '--name', 'x', '--curve', 'secp384r1');
  assert.equal(wrong.code, 2);
  rmSync(folder, { recursive: true });
});

const sgp26 = fileURLToPath(new URL('../../../../shared/data/sgp26/', import.meta.url));

test('with the published SGP.26 PKI on both sides', async (t) => {
  if (!existsSync(sgp26)) return t.skip('the published SGP.26 certificates are not present');
  const tls = readCertificate(sgp26File('DPtls/CERT_S_SM_DP_VARO_TLS_NIST.der'));
  if (tls.notAfter < Date.now()) return t.skip('the published TLS certificate has expired');
  await using server = await startServer({
    ESIM_PKI_DIR: sgp26,
    ESIM_SMDP_ADDRESS: 'testsmdpplus1.example.com:8443',
  });
  const { iccid, activationCode } = await released(server, undefined, { confirmation_code: '4711' });
  await using phone = await newPhone(server, { connectTo: server.es9Url.replace('https://', '') });
  await downloadBy(phone, activationCode, '4711');
  await sendNotifications(phone.env);
  assert.equal(await stateOf(server, iccid), 'INSTALLED');
});
