import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sendNotifications } from '@esim-rsp/euicc';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { type CertifiedKey, certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { readCi } from '@esim-rsp/sgp22/pki/pki-set';
import { clientPlan } from '@esim-rsp/sgp22/pki/plans';
import { certifyUnder, makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import { openSqliteStore } from '#server/store/sqlite/store';
import { callEs2, es2Status } from '../../harness/es2-client.ts';
import { freePort } from '../../harness/free-port.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released, stateOf, subscription } from '../../harness/profiles.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';
import { guideFile, nginxConfig, startProxy, without } from './programs.ts';

/** The configurations of docs/guide/proxies, as they are but for ports and paths, with the programs that they are for. */

const maker = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
const pinned = makeClient(maker, 'shop');
const stranger = makeClient(maker, 'stranger');
const hasStream = existsSync('/usr/lib/nginx/modules/ngx_stream_module.so');

let server: ServerProcess;
let es9Port: number;
let underCa: CertifiedKey;
/** The files that the configurations name. */
let files: { readonly cert: string; readonly key: string; readonly both: string; readonly ci: string };

before(async () => {
  es9Port = await freePort();
  server = await startServer({
    ESIM_SMDP_ADDRESS: `localhost:${es9Port}`,
    ESIM_ES2_CERT_PROXIES: '127.0.0.1',
  });
  const pki = (await readPkiDirectory(server.pkiDir)) ?? assert.fail();
  const ci = readCi(pki, 'P-256');
  underCa = certifyUnder(maker, ci, ({ issuer, ...own }) => clientPlan(own, 'hub', issuer));
  const store = await openSqliteStore(join(server.dataDir, 'esim.db'));
  const by = { account: account.ESIM_BOOTSTRAP_USER_ID, createdAt: 1 };
  const certificateSha256 = sha256(pinned.certificate.bytes);
  await store.addOperator({
    ...by,
    name: 'shop',
    requesterIdentifiers: ['shop'],
    identity: { certificateSha256 },
  });
  const caCertificate = ci.certificate.bytes;
  await store.addOperator({ ...by, name: 'hub', requesterIdentifiers: ['hub'], identity: { caCertificate } });
  await store.close();
  const inPki = (name: string) => join(server.pkiDir, name);
  files = {
    cert: inPki('DPtls/CERT_S_SM_DP_TLS_NIST.pem'),
    key: inPki('DPtls/SK_S_SM_DP_TLS_NIST.pem'),
    both: join(server.dataDir, 'dp-tls-with-key.pem'),
    ci: inPki('CertificateIssuer/CERT_CI_ECDSA_NIST.pem'),
  };
  writeFileSync(files.both, readFileSync(files.cert, 'utf8') + readFileSync(files.key, 'utf8'), {
    mode: 0o600,
  });
});
after(() => server?.[Symbol.asyncDispose]());

const portOf = (url: string) => new URL(url).port;
const clientOf = (name: string, { certificate, key }: CertifiedKey) => ({
  name,
  cert: certificatePem(certificate),
  key: key.exportPem(),
});

test('Caddy in front of REST: calls, events as they happen, and the addresses of clients', {
  skip: without('caddy'),
}, async () => {
  const [port, pagesPort] = [await freePort(), await freePort()];
  await using rest = await startServer({
    ESIM_TRUST_PROXY: '127.0.0.1',
    ESIM_RATE_PER_ADDRESS: '20',
    ESIM_INSTALL_PORT: '0',
    ESIM_INSTALL_URL: `https://localhost:${pagesPort}`,
  });
  const [, ownPort = ''] = /Install {5}http:\/\/127\.0\.0\.1:(\d+)/.exec(rest.output()) ?? [];
  const tls = `tls ${files.cert} ${files.key}`;
  await using _caddy = await startProxy('caddy', {
    port,
    config: () =>
      `{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n${guideFile('Caddyfile', {
        '\nrsp.example.com {': `\nhttps://localhost:${port} {\n\t${tls}`,
        '127.0.0.1:8080': `127.0.0.1:${portOf(rest.restUrl)}`,
        '\nesim.example.com {': `\nhttps://localhost:${pagesPort} {\n\t${tls}`,
        '127.0.0.1:8081': `127.0.0.1:${ownPort}`,
      })}`,
  });
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    getOver(`https://localhost:${port}${path}`, readFileSync(files.ci), headers);
  const list = await get('/api/v1/esim/euicc-profiles?count=1');
  assert.equal(list.statusCode, 200);
  await list.toArray();

  const stream = await get('/api/v1/esim/events', { accept: 'text/event-stream' });
  assert.equal(stream.statusCode, 200);
  const { iccid } = await released(rest);
  let seen = '';
  for await (const chunk of stream) {
    seen += chunk;
    if (seen.includes(iccid)) break;
  }
  assert.ok(seen.includes(iccid));

  const { data: link } = await rest.api.createInstallLink(iccid, {});
  const page = await getOver(link.url, readFileSync(files.ci), {});
  assert.equal(page.statusCode, 200);
  assert.match((await page.toArray()).join(''), /LPA:1\$/);
  const other = await getOver(`https://localhost:${pagesPort}/docs`, readFileSync(files.ci), {});
  assert.equal((await other.toArray()).join(''), '', 'the proxy forwards nothing but the pages');
  const direct = await fetch(`http://127.0.0.1:${ownPort}/healthz`);
  assert.equal(direct.status, 404, 'their port serves nothing else');

  const statuses = [];
  for (let i = 0; i < 25; i++) {
    const answer = await get('/api/v1/esim/euicc-profiles?count=1', { 'x-forwarded-for': `192.0.2.${i}` });
    await answer.toArray();
    statuses.push(answer.statusCode);
  }
  assert.ok(statuses.includes(429), 'a client cannot choose the address that it is counted under');
});

async function getOver(
  url: string,
  ca: Buffer,
  headers: Readonly<Record<string, string>>,
): Promise<IncomingMessage> {
  const credentials = {
    'x-user-id': account.ESIM_BOOTSTRAP_USER_ID,
    'x-api-key': account.ESIM_BOOTSTRAP_API_KEY,
  };
  const sending = request(url, { ca, headers: { ...credentials, ...headers }, agent: false }).end();
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  return response;
}

test('nginx that passes TLS through: a phone downloads; a listed proxy that forwards no certificate is no operator', {
  skip: without('nginx', hasStream),
}, async () => {
  const es2Port = await freePort();
  await using _nginx = await startProxy('nginx', {
    port: es2Port,
    config: (folder) =>
      nginxConfig(
        folder,
        'stream',
        guideFile('nginx-pass-through.conf', {
          'listen 443;': `listen 127.0.0.1:${es9Port};`,
          'listen 8444;': `listen 127.0.0.1:${es2Port};`,
          '127.0.0.1:18443': `127.0.0.1:${portOf(server.es9Url)}`,
          '127.0.0.1:18444': `127.0.0.1:${portOf(server.es2Url)}`,
        }),
      ),
  });
  const { iccid, activationCode } = await released(server);
  assert.ok(activationCode.includes(`localhost:${es9Port}`));
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  await sendNotifications(phone.env);
  assert.equal(await stateOf(server, iccid), 'INSTALLED');

  // This server lists 127.0.0.1, from which nginx connects: only the header of a listed proxy counts.
  const url = `https://localhost:${es2Port}`;
  assert.equal(await es2Status({ es2Url: url, pkiDir: server.pkiDir }, clientOf('shop', pinned)), 401);
});

test('nginx that passes TLS through: an operator with a certificate under a CA calls, because the server sees its handshake', {
  skip: without('nginx', hasStream),
}, async () => {
  const [es2Port, unused] = await Promise.all([freePort(), freePort()]);
  await using plain = await startServer();
  const store = await openSqliteStore(join(plain.dataDir, 'esim.db'));
  const ci = readCi((await readPkiDirectory(plain.pkiDir)) ?? assert.fail(), 'P-256').certificate;
  const hub = {
    name: 'hub',
    account: account.ESIM_BOOTSTRAP_USER_ID,
    createdAt: 1,
    requesterIdentifiers: ['hub'],
  };
  await store.addOperator({ ...hub, identity: { caCertificate: ci.bytes } });
  await store.close();
  await using _nginx = await startProxy('nginx', {
    port: es2Port,
    config: (folder) =>
      nginxConfig(
        folder,
        'stream',
        guideFile('nginx-pass-through.conf', {
          'listen 443;': `listen 127.0.0.1:${unused};`,
          'listen 8444;': `listen 127.0.0.1:${es2Port};`,
          '127.0.0.1:18443': `127.0.0.1:${portOf(plain.es9Url)}`,
          '127.0.0.1:18444': `127.0.0.1:${portOf(plain.es2Url)}`,
        }),
      ),
  });
  const issuer = readCi((await readPkiDirectory(plain.pkiDir)) ?? assert.fail(), 'P-256');
  const client = certifyUnder(maker, issuer, ({ issuer: ca, ...own }) => clientPlan(own, 'hub', ca));
  const { iccid } = (await plain.api.createEUICCProfile({ parameters: subscription() })).data;
  const at = { es2Url: `https://localhost:${es2Port}`, pkiDir: plain.pkiDir };
  assert.deepEqual(await callEs2(at, clientOf('hub', client), 'downloadOrder', { iccid }), { iccid });
});

const terminating = {
  nginx: (port: number) => (folder: string) =>
    nginxConfig(
      folder,
      'http',
      guideFile('nginx-es2.conf', {
        'listen 8444 ssl;': `listen 127.0.0.1:${port} ssl;`,
        '127.0.0.1:18444': `127.0.0.1:${portOf(server.es2Url)}`,
        '/etc/esim-rsp/dp-tls.pem': files.cert,
        '/etc/esim-rsp/dp-tls.key': files.key,
        '/etc/esim-rsp/ci.pem': files.ci,
        'rsp.example.com': 'localhost',
      }),
    ),
  haproxy: (port: number) => () =>
    guideFile('haproxy-es2.cfg', {
      'bind :8444': `bind 127.0.0.1:${port}`,
      '127.0.0.1:18444': `127.0.0.1:${portOf(server.es2Url)}`,
      '/etc/esim-rsp/dp-tls-with-key.pem': files.both,
      '/etc/esim-rsp/ci.pem': files.ci,
      'rsp.example.com': 'localhost',
    }),
} as const;

for (const [program, configFor] of Object.entries(terminating) as [
  keyof typeof terminating,
  (typeof terminating)['nginx'],
][])
  test(`${program} that terminates TLS of ES2+: pinned certificates are forwarded, and nothing else counts`, {
    skip: without(program),
  }, async () => {
    const port = await freePort();
    await using _proxy = await startProxy(program, { port, config: configFor(port) });
    const url = `https://localhost:${port}`;
    const { iccid } = (await server.api.createEUICCProfile({ parameters: subscription() })).data;
    const at = { es2Url: url, pkiDir: server.pkiDir };
    assert.deepEqual(await callEs2(at, clientOf('shop', pinned), 'downloadOrder', { iccid }), { iccid });
    assert.equal(await stateOf(server, iccid), 'ALLOCATED');

    const forged = `:${Buffer.from(pinned.certificate.bytes).toString('base64')}:`;
    assert.equal(await es2Status({ es2Url: url, pkiDir: server.pkiDir }, undefined), 401);
    assert.equal(
      await es2Status({ es2Url: url, pkiDir: server.pkiDir }, undefined, { 'client-cert': forged }),
      401,
      'a header of a client without a certificate',
    );
    assert.equal(
      await es2Status({ es2Url: url, pkiDir: server.pkiDir }, clientOf('shop', stranger), {
        'client-cert': forged,
      }),
      403,
    );
    assert.equal(
      await es2Status({ es2Url: url, pkiDir: server.pkiDir }, clientOf('hub', underCa)),
      403,
      'a certificate under a CA',
    );
  });
