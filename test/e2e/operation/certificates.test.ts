import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import { runEsim } from '../../harness/esim.ts';
import { downloadBy, newPhone, nextEid, refusedAt } from '../../harness/phone.ts';
import { released, stateOf } from '../../harness/profiles.ts';
import { account, daysAhead, type ServerProcess, type Settings, startServer } from '../../harness/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-certificates-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The serial number of the certificate that a new connection receives. */
async function serialAt(url: string): Promise<string> {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { serialNumber } = socket.getPeerX509Certificate() ?? assert.fail();
  socket.destroy();
  return serialNumber;
}

/** Waits until new connections receive another certificate. */
async function renewedAt(url: string, before: string): Promise<void> {
  for (let tries = 0; (await serialAt(url)) === before; tries++) {
    assert.ok(tries < 400, 'the server has not used the new certificate within forty seconds');
    await sleep(100);
  }
}

const renew = (dataDir: string, env: Settings = {}) =>
  runEsim({ cwd: dataDir, env: { ESIM_DATA_DIR: dataDir, ...env } }, 'pki', 'renew', '--json');

test('DPtls is renewed without a restart, and phones use the new certificate', async () => {
  await using server = await startServer();
  const before = await serialAt(server.es9Url);
  const outcome = await renew(server.dataDir);
  assert.equal(outcome.code, 0, outcome.err);
  await renewedAt(server.es9Url, before);
  assert.equal(await serialAt(server.es2Url), await serialAt(server.es9Url));
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  assert.equal(await stateOf(server, iccid), 'DOWNLOADED');
});

test('24 days before the end the log warns and the status counts the days, until DPtls is renewed', async () => {
  const dataDir = join(folder, 'ahead');
  await (await startServer({ ESIM_DATA_DIR: dataDir })).close(); // creates the PKI today
  const ahead = daysAhead(799);
  await using server = await startServer({ ESIM_DATA_DIR: dataDir, ESIM_LOG_LEVEL: 'warn', ...ahead });
  assert.match(
    server.log(),
    /the dp-tls certificate .* expires in 2[345] days, on \d{4}-\d\d-\d\d: renew it/,
  );
  const daysLeft = async () => {
    const { certificates } = (await server.api.getStatus()).data;
    assert.deepEqual(
      certificates.map(({ role }) => role),
      ['ci', 'dp-auth', 'dp-pb', 'dp-tls'],
    );
    return certificates.at(-1)?.days_left ?? assert.fail();
  };
  assert.ok([23, 24, 25].includes(await daysLeft()));
  const before = await serialAt(server.es9Url);
  assert.equal((await renew(dataDir, ahead)).code, 0);
  await renewedAt(server.es9Url, before);
  assert.ok((await daysLeft()) > 800);
});

test('an EID with wrong check digits is a warning, and refused with ESIM_PKI_STRICT', async () => {
  const wrong = nextEid().replace(/..$/, '00') as Eid;
  for (const strict of ['0', '1']) {
    await using server = await startServer({ ESIM_PKI_STRICT: strict, ESIM_LOG_LEVEL: 'warn' });
    const { activationCode } = await released(server);
    await using phone = await newPhone(server, { eid: wrong });
    const download = downloadBy(phone, activationCode);
    if (strict === '1') await assert.rejects(download, refusedAt('authenticateClient', '8.1.3/6.1'));
    else await download;
    assert.equal(/the check digits of its EID … are wrong/.test(server.log()), strict === '0');
  }
});

/** Starts a server that must not start; resolves to what it says. */
async function refusedStart(settings: Settings): Promise<string> {
  let started: ServerProcess;
  try {
    started = await startServer(settings);
  } catch (error) {
    return String(error);
  }
  await started.close();
  return assert.fail('it has started');
}

test('plain REST outside loopback stops the start, unless a proxy is confirmed', async () => {
  for (const ESIM_HTTP_HOST of ['0.0.0.0', '::', '192.0.2.1'])
    assert.match(
      await refusedStart({ ESIM_HTTP_HOST }),
      /without TLS: set ESIM_HTTP_CERT and ESIM_HTTP_KEY, or ESIM_HTTP_BEHIND_TLS=1/,
    );
  for (const ESIM_HTTP_HOST of ['127.0.0.2', 'localhost'])
    await (await startServer({ ESIM_HTTP_HOST })).close();
  await using server = await startServer({ ESIM_HTTP_HOST: '0.0.0.0', ESIM_HTTP_BEHIND_TLS: '1' });
  assert.match(server.restUrl, /^http:/);
});

test('REST over TLS: the API answers, and a renewed certificate is used without a restart', async () => {
  const dataDir = join(folder, 'https');
  const [cert, key] = [join(folder, 'rest.pem'), join(folder, 'rest.key')];
  await (await startServer({ ESIM_DATA_DIR: dataDir })).close(); // creates the PKI
  const copy = () => {
    copyFileSync(join(dataDir, 'pki/DPtls/SK_S_SM_DP_TLS_NIST.pem'), key);
    copyFileSync(join(dataDir, 'pki/DPtls/CERT_S_SM_DP_TLS_NIST.pem'), cert);
  };
  copy();
  const tls = { ESIM_HTTP_CERT: cert, ESIM_HTTP_KEY: key };
  await using server = await startServer({ ESIM_DATA_DIR: dataDir, ESIM_HTTP_HOST: '0.0.0.0', ...tls });
  assert.match(server.restUrl, /^https:\/\/localhost:/);
  const ca = readFileSync(join(dataDir, 'pki/CertificateIssuer/CERT_CI_ECDSA_NIST.pem'));
  const headers = {
    'x-user-id': account.ESIM_BOOTSTRAP_USER_ID,
    'x-api-key': account.ESIM_BOOTSTRAP_API_KEY,
  };
  const [response] = (await once(
    get(`${server.restUrl}/api/v1/esim/euicc-profiles`, { ca, headers, agent: false }),
    'response',
  )) as [IncomingMessage];
  assert.equal(response.statusCode, 200);
  await response.toArray();

  const before = await serialAt(server.restUrl);
  assert.equal((await renew(dataDir)).code, 0);
  copy();
  await renewedAt(server.restUrl, before);
});

test('a certificate of REST without its key stops the start', async () => {
  const dataDir = join(folder, 'mismatch');
  await (await startServer({ ESIM_DATA_DIR: dataDir })).close();
  const inPki = (name: string) => join(dataDir, 'pki', name);
  const settings = {
    ESIM_DATA_DIR: dataDir,
    ESIM_HTTP_CERT: inPki('DPtls/CERT_S_SM_DP_TLS_NIST.pem'),
    ESIM_HTTP_KEY: inPki('DPauth/SK_S_SM_DPauth_ECDSA_NIST.pem'),
  };
  assert.match(
    await refusedStart(settings),
    /the TLS certificate of REST cannot be used: .*check ESIM_HTTP_CERT/,
  );
  const missing = { ...settings, ESIM_HTTP_KEY: inPki('none.key') };
  assert.match(await refusedStart(missing), /none\.key cannot be read \(ENOENT\)/);
});
