import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { test } from 'node:test';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { type CertifiedKey, certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeClient, makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { someUpstream } from '../../store/contract/gateway/upstream.testdata.ts';
import { createLookUp } from '../outbound/look-up.ts';
import { readClientIdentity } from './identity.ts';
import { testUpstream, type UpstreamCheck } from './test-upstream.ts';

const YEAR = 365 * 86_400_000;
const at = (now: number) => ({ random: systemRandom, now, generateKey: generateSigningKey });
const pkiAt = (now: number, host = 'localhost') => makeTestPki({ ...at(now), curve: 'P-256', hosts: [host] });
const pem = ({ certificate, key }: CertifiedKey) => ({
  cert: certificatePem(certificate),
  key: key.exportPem(),
});

const pki = pkiAt(Date.now());
const client = pem(makeClient(at(Date.now()), 'our-platform'));
const caPem = certificatePem(pki.ci.certificate);

const failed = (subjectCode: string, reasonCode: string) => ({
  header: { functionExecutionStatus: { status: 'Failed', statusCodeData: { subjectCode, reasonCode } } },
});

type Call = { readonly url: string | undefined; readonly protocol: unknown; readonly body: string };

/** An ES2+ server that gives one answer; the calls it got. */
function es2Server(
  answer: { readonly status?: number; readonly body?: unknown } = {},
  options: ServerOptions = {},
): { readonly server: Server; readonly calls: Call[] } {
  const calls: Call[] = [];
  const { status = 200, body = failed('8.2.1', '3.9') } = answer;
  const server = createServer({ ...pem(pki.dpTls), ...options }, async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    calls.push({ url: request.url, protocol: request.headers['x-admin-protocol'], body: text });
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  return { server, calls };
}

type Asked = {
  readonly members?: Parameters<typeof someUpstream>[0];
  readonly prefix?: string;
  readonly allowPrivate?: boolean;
  readonly now?: number;
};

/** Tests the connection to a server, which is closed then. Resolves to what has failed, by check. */
async function faultsOf(
  server: Server,
  { members, prefix = '', allowPrivate = true, now = Date.now() }: Asked = {},
) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const upstream = someUpstream({
    url: `https://localhost:${(server.address() as AddressInfo).port}${prefix}`,
    client: readClientIdentity(client.cert, client.key),
    ca: caPem,
    ...members,
  });
  try {
    const { signal } = new AbortController();
    const lookUp = createLookUp([]);
    const report = await testUpstream(upstream, { allowPrivate, lookUp, now, random: systemRandom, signal });
    const faults = report.findings.filter(({ ok }) => !ok).map(({ check, message }) => [check, message]);
    return { report, faults: Object.fromEntries(faults) as { [N in UpstreamCheck]?: string } };
  } finally {
    if ('closeAllConnections' in server) (server as ReturnType<typeof createServer>).closeAllConnections();
    server.close();
  }
}

/** The only check that has failed, and why. */
async function onlyFault(server: Server, check: UpstreamCheck, message: RegExp, asked: Asked = {}) {
  const { report, faults } = await faultsOf(server, asked);
  assert.deepEqual(Object.keys(faults), [check], JSON.stringify(report.findings));
  assert.match(faults[check] ?? '', message);
  return report;
}

test('a connection that works passes every check, and calls something that nobody has', async () => {
  const { server, calls } = es2Server();
  const { report, faults } = await faultsOf(server, { prefix: '/vendor/a' });
  assert.deepEqual(faults, {});
  assert.equal(report.findings.length, 6);
  assert.equal(report.tlsVersion, 'TLSv1.3');
  assert.match(report.client.subject, /CN=our-platform/);
  assert.match(report.server?.issuer ?? '', /CN=Test CI/);
  assert.equal(calls.length, 1);
  assert.deepEqual(
    [calls[0]?.url, calls[0]?.protocol],
    ['/vendor/a/gsma/rsp2/es2plus/releaseProfile', 'gsma/rsp/v2.2.0'],
  );
  const { header, iccid } = JSON.parse(calls[0]?.body ?? '');
  assert.equal(header.functionRequesterIdentifier, '1.2.3');
  assert.match(header.functionCallIdentifier, /^test-[0-9a-f]{32}$/);
  assert.match(iccid, /^0+$/);
});

test('a server that is not the right one gets no call', async () => {
  const other = pkiAt(Date.now(), 'other.example.com');
  const cases = [
    [other.dpTls, certificatePem(other.ci.certificate), 'server_name', /other\.example\.com/],
    [other.dpTls, caPem, 'server_chain', /the ca of this upstream is another one/],
    [
      pki.dpTls,
      certificatePem(other.ci.certificate),
      'server_chain',
      /the ca of this upstream is another one/,
    ],
  ] as const;
  for (const [identity, ca, check, message] of cases) {
    const { server, calls } = es2Server({}, pem(identity));
    const { faults } = await faultsOf(server, { members: { ca } });
    assert.match(faults[check] ?? '', message);
    assert.equal(faults.es2plus, undefined);
    assert.deepEqual(calls, []);
  }
});

test('certificates that have expired are named, ours and theirs', async () => {
  const old = pkiAt(Date.now() - 30 * YEAR);
  const { server, calls } = es2Server({}, pem(old.dpTls));
  const members = { ca: certificatePem(old.ci.certificate) };
  const { faults, report } = await faultsOf(server, { members });
  assert.match(faults.server_certificate ?? '', /the certificate of the server expired on \d{4}-\d\d-\d\d/);
  assert.ok((report.server?.daysLeft ?? 0) < 0);
  assert.deepEqual(calls, []);
  const early = await faultsOf(es2Server().server, { now: Date.now() - 30 * YEAR });
  assert.match(
    early.faults.server_certificate ?? '',
    /is not valid before .*: is the clock of this machine right/,
  );

  const expired = pem(makeClient(at(Date.now() - 30 * YEAR), 'our-platform'));
  const ours = { members: { client: readClientIdentity(expired.cert, expired.key) } };
  await onlyFault(es2Server().server, 'client_certificate', /the client certificate expired on/, ours);
});

test('a server that refuses the client certificate is understood, whether TLS or HTTP says so', async () => {
  const strict = { requestCert: true, rejectUnauthorized: true, ca: caPem };
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const { server } = es2Server({}, { ...strict, maxVersion });
    const { faults } = await faultsOf(server);
    const text = faults.es2plus ?? faults.connection ?? '';
    assert.match(text, /refuse.* the client certificate/, maxVersion);
  }
  await onlyFault(
    es2Server({ status: 403 }).server,
    'es2plus',
    /does not accept the client certificate \(HTTP 403\)/,
  );
});

test('answers that are not those of the right ES2+ are explained', async () => {
  const cases = [
    [{ status: 404 }, /is there a prefix in the path/],
    [{ status: 500 }, /HTTP 500/],
    [{ body: '<html>' }, /not one of ES2\+/],
    [{ body: { header: {} } }, /not one of ES2\+/],
    [{ body: 'x'.repeat(100_000) }, /not one of ES2\+/],
    [{ body: failed('1.1', '1.2') }, /refuses the caller \(1\.1\/1\.2\).*requester identifier/],
    [{ body: failed('1.3.2', '3.1') }, /X-Admin-Protocol/],
  ] as const;
  for (const [answer, message] of cases) await onlyFault(es2Server(answer).server, 'es2plus', message);
});

test('a port without TLS, without an answer or without a server is explained', async () => {
  await onlyFault(createHttpServer(), 'connection', /does not speak TLS/);
  const silent = createTcpServer((socket) => socket.on('error', () => undefined));
  const members = { dialect: { timeoutSeconds: 1 } };
  await onlyFault(silent, 'connection', /no response in time/, { members });
  const closed = { members: { url: 'https://localhost:9' } };
  await onlyFault(createTcpServer(), 'connection', /refused: nothing listens .* port/, closed);
  const unknown = { members: { url: 'https://vendor.invalid' } };
  await onlyFault(
    createTcpServer(),
    'connection',
    /host name .*: (correct the host|does this machine)/,
    unknown,
  );
});

test('a private network is reached only where the server allows it', async () => {
  const asked = { allowPrivate: false };
  await onlyFault(es2Server().server, 'connection', /private network/, asked);
  const members = { url: 'https://127.0.0.1:9' };
  await onlyFault(es2Server().server, 'connection', /private network/, { ...asked, members });
});
