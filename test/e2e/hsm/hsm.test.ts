import assert from 'node:assert/strict';
import { verify, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Es9Channel } from '@esim-rsp/euicc';
import { type Curve, curves } from '@esim-rsp/sgp22/crypto/ecdsa';
import { modulePath, PIN, withoutTokens } from '#server/keys/token/softhsm.harness';
import { runEsim } from '../../harness/esim.ts';
import { downloadBy, newPhone, refusedAt } from '../../harness/phone.ts';
import { released, stateOf } from '../../harness/profiles.ts';
import { until } from '../../harness/receiver.ts';
import { type ServerProcess, type Settings, startServer } from '../../harness/server.ts';
import { type Ceremony, holdCeremony, succeed, TOKEN } from './ceremony.ts';

/** Signing keys in SoftHSM2, created with the commands of docs/guide/hsm.md. */

const skip = { skip: withoutTokens };
let ceremony: Ceremony;
before(async () => {
  if (!withoutTokens) ceremony = await holdCeremony();
});
after(() => ceremony?.[Symbol.dispose]());

const start = (settings: Settings = {}) =>
  startServer({ ESIM_LOG_LEVEL: 'info', ...ceremony.env, ...settings });

function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return list === '' ? [] : list.split(' ').map(Number);
}

/** The processes that use tokens, below a process and its children. */
function tokenProcesses(pid: number): number[] {
  return childrenOf(pid).flatMap((child) =>
    /keys\/token\/program/.test(readFileSync(`/proc/${child}/cmdline`, 'utf8'))
      ? [child]
      : tokenProcesses(child),
  );
}

type Answer = Readonly<Record<string, string>>;
const octets = (base64: string | undefined) => Buffer.from(base64 ?? assert.fail('it is there'), 'base64');

/** A channel that checks the signatures of the server with the certificates that it sends, by OpenSSL alone. */
function verifying(checked: string[]): (es9: Es9Channel) => Es9Channel {
  return (es9) => ({
    post: async (address, path, body) => {
      const answer = await es9.post(address, path, body);
      const name = path.split('/').at(-1);
      if (name !== 'initiateAuthentication' && name !== 'authenticateClient') return answer;
      const reply = answer.body as Answer;
      if (name === 'initiateAuthentication') {
        const { serverSigned1, serverSignature1, serverCertificate } = reply;
        mustVerify(serverCertificate, serverSignature1, octets(serverSigned1));
      } else {
        const { smdpSigned2, smdpSignature2, smdpCertificate } = reply;
        const response = octets(body.authenticateServerResponse);
        const at = response.indexOf(Buffer.from('5f3740', 'hex'));
        const euiccSignature1 = response.subarray(at, at + 3 + 64);
        mustVerify(smdpCertificate, smdpSignature2, Buffer.concat([octets(smdpSigned2), euiccSignature1]));
      }
      checked.push(name);
      return answer;
    },
  });
}

function mustVerify(certificate: string | undefined, signature: string | undefined, signed: Buffer): void {
  const { publicKey } = new X509Certificate(octets(certificate));
  const plain = octets(signature).subarray(3); // 5F37 40
  assert.equal(verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, plain), true);
}

async function downloadOn(server: ServerProcess, curve: Curve): Promise<string[]> {
  const checked: string[] = [];
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server, {
    curve,
    through: verifying(checked),
  });
  await downloadBy(phone, activationCode);
  assert.equal(await stateOf(server, iccid), 'DOWNLOADED');
  return checked;
}

test('esim pki check opens the token, and pki show says where the keys are', skip, async () => {
  const { certificates } = await succeed(ceremony.esim('pki', 'check', '--json'));
  const list = certificates as readonly { role: string; curve: string; key: string }[];
  assert.deepEqual(
    list.map(({ role, curve, key }) => [role, curve, key.replace(/ of .*;/, ';')]),
    [
      ...curves.flatMap((curve) =>
        ['dp-auth', 'dp-pb'].map((role) => [role, curve, 'in the token; it has signed']),
      ),
      ...curves.map((curve) => ['dp-tls', curve, 'in a file']),
    ],
  );
  const { out } = await ceremony.esim('pki', 'show');
  assert.match(
    out,
    /^dp-auth .*\n(?: {2}.*\n)* {2}private key +in a token, see DPauth\/SK_S_SM_DPauth_ECDSA_BRP\.pkcs11, DPauth/m,
  );
  const { keys } = await succeed(
    ceremony.esim('pki', 'tokens', '--module', modulePath, '--token', TOKEN, '--json'),
  );
  const inToken = keys as readonly { extractable: boolean; sensitive: boolean }[];
  assert.deepEqual(
    inToken.map(({ extractable, sensitive }) => [extractable, sensitive]),
    Array(4).fill([false, true]),
  );
});

test('phones download on both curves, and OpenSSL verifies the signatures of the token', skip, async () => {
  await using server = await start();
  for (const curve of curves)
    assert.deepEqual(await downloadOn(server, curve), ['initiateAuthentication', 'authenticateClient']);
  assert.equal(tokenProcesses(server.pid).length, 1, 'one process has the token');
  assert.doesNotMatch(server.log() + server.output(), new RegExp(PIN));
});

test('the process of the token dies, and the next download starts another one', skip, async () => {
  await using server = await start({ ESIM_PKCS11_TIMEOUT_MS: '60000' });
  const [pid] = tokenProcesses(server.pid);
  process.kill(pid ?? assert.fail('it runs'), 'SIGKILL');
  await downloadOn(server, 'P-256');
  assert.notEqual(tokenProcesses(server.pid)[0], pid);
});

test(
  'a token that does not answer: phones are asked to try again, the server is not ready, and both end by themselves',
  skip,
  async () => {
    await using server = await start({ ESIM_PKCS11_TIMEOUT_MS: '5000' });
    const { iccid, activationCode } = await released(server);
    await using phone = await newPhone(server);
    const softhsm = readFileSync(ceremony.hsm.env.SOFTHSM2_CONF, 'utf8');
    writeFileSync(ceremony.hsm.env.SOFTHSM2_CONF, softhsm.replace('/tokens', '/none')); // it is not back at once
    try {
      process.kill(tokenProcesses(server.pid)[0] ?? assert.fail('it runs'), 'SIGSTOP');
      const startedAt = performance.now();
      await assert.rejects(downloadBy(phone, activationCode), refusedAt('initiateAuthentication', '1.2/4.4'));
      assert.ok(performance.now() - startedAt < 60_000);
      const ready = () => fetch(`${server.restUrl}/readyz`);
      await until(async () => (await ready()).status === 503);
      assert.match(await (await ready()).text(), /the token of the signing keys cannot be used/);
      assert.equal((await server.api.getEUICCProfile(iccid)).status, 200, 'REST needs no token');
      writeFileSync(ceremony.hsm.env.SOFTHSM2_CONF, softhsm);
      await until(async () => (await ready()).status === 200);
      await downloadBy(phone, activationCode);
      assert.equal(await stateOf(server, iccid), 'DOWNLOADED');
      assert.match(server.log(), /can be used again/);
    } finally {
      writeFileSync(ceremony.hsm.env.SOFTHSM2_CONF, softhsm);
    }
  },
);

test('each worker logs in itself; with a wrong PIN it is not started again and again', skip, async () => {
  const pinFile = join(ceremony.hsm.folder, 'pin-of-workers');
  writeFileSync(pinFile, PIN);
  await using server = await start({ ESIM_WORKERS: '2', ESIM_PKCS11_PIN_FILE: pinFile });
  assert.equal(tokenProcesses(server.pid).length, 2);
  await Promise.all([1, 2].map(() => downloadOn(server, 'P-256')));
  writeFileSync(pinFile, 'guessed-pin');
  const [worker] = childrenOf(server.pid);
  process.kill(worker ?? assert.fail('it runs'), 'SIGKILL');
  await until(() => /a worker could not be started; the server does not try again/.test(server.log()));
  assert.doesNotMatch(server.log(), /guessed-pin/);
  await downloadOn(server, 'P-256');
});

/** What `esim serve` says when it does not start. */
const refused = (env: Settings) =>
  runEsim(
    {
      cwd: ceremony.hsm.folder,
      env: { ...ceremony.env, ESIM_HTTP_PORT: '0', ESIM_ES9_PORT: '0', ESIM_ES2_PORT: '0', ...env },
    },
    'serve',
  );

test('a server whose PIN is wrong does not start, and asks systemd not to try again', skip, async () => {
  const wrongPin = join(ceremony.hsm.folder, 'wrong-pin');
  writeFileSync(wrongPin, 'guessed-pin');
  for (const workers of ['1', '2']) {
    const { code, err } = await refused({ ESIM_PKCS11_PIN_FILE: wrongPin, ESIM_WORKERS: workers });
    assert.match(
      err,
      /the key of DPauth\/SK_S_SM_DPauth_ECDSA_BRP\.pkcs11 cannot be used: the token 'esim' refuses the PIN/,
    );
    assert.equal(code, 2, 'systemd must not start it again: each start is one try');
    assert.doesNotMatch(err, /guessed-pin/);
  }
});

test('a server that cannot use its keys does not start, and says what to do', skip, async () => {
  const reference = join(ceremony.pkiDir, 'DPauth/SK_S_SM_DPauth_ECDSA_NIST.pkcs11');
  const uri = readFileSync(reference, 'utf8');
  const cases: readonly (readonly [string, RegExp])[] = [
    [uri.replace('token=esim', 'token=other'), /has no token with label 'other'; it has: 'esim' \(serial/],
    [
      uri.replace(/object=[^;]*;id=[^;]*/, 'object=none'),
      /has no private key with label 'none'; it has: 'dp-/,
    ],
    [
      uri.replace(/module-path=[^&\n]*/, 'module-path=/none.so'),
      /the PKCS#11 module \/none\.so does not exist/,
    ],
    [uri.trim().concat(`&pin-value=${PIN}`), /a PIN does not belong into the URI/],
    [
      readFileSync(join(ceremony.pkiDir, 'DPpb/SK_S_SM_DPpb_ECDSA_NIST.pkcs11'), 'utf8'),
      /no private key of role dp-auth belongs to DPauth/,
    ],
  ];
  try {
    for (const [text, message] of cases) {
      writeFileSync(reference, text);
      const { code, err } = await refused({});
      assert.match(err, message);
      assert.equal(code, 1);
      assert.doesNotMatch(err, new RegExp(PIN));
    }
  } finally {
    writeFileSync(reference, uri);
  }
});

test(
  'the key of the next certificate has a file and a label of its own, and replaces the old one',
  skip,
  async () => {
    const { esim, hsm, ciDir, pkiDir } = ceremony;
    const created = await succeed(
      esim('pki', 'create-key', 'dp-auth', '--module', modulePath, '--token', TOKEN, '--json'),
    );
    const reference = 'DPauth/SK_S_SM_DPauth_ECDSA_NIST_2.pkcs11';
    assert.equal(created.file, join(pkiDir, reference));
    assert.match(String(created.uri), /;object=dp-auth-P-256-2;/);
    const [csr, certificate] = [join(hsm.folder, 'next.csr'), join(hsm.folder, 'next.pem')];
    const subject = ['--oid', '2.999.10', '--organization', 'Example', '--out', csr, '--json'];
    const ambiguous = await esim('pki', 'request', 'dp-auth', ...subject);
    assert.match(ambiguous.err + ambiguous.out, /dp-auth has several keys: choose one with --key/);
    await succeed(esim('pki', 'request', 'dp-auth', '--key', reference, ...subject));
    await succeed(esim('pki', 'sign', csr, '--out', certificate, '--dir', ciDir, '--json'));
    const imported = await succeed(esim('pki', 'import', certificate, '--replace', '--json'));
    assert.equal(imported.key, reference);
    await using server = await start();
    await downloadOn(server, 'P-256');
  },
);
