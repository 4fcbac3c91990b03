import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { OutgoingHttpHeaders, Server } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { ADMIN_PROTOCOL } from '@esim-rsp/sgp22/functions/header';
import { type CertifiedKey, certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import {
  type CertificatePlan,
  extensions,
  withExtensions,
  withoutExtension,
} from '@esim-rsp/sgp22/pki/make-certificate';
import { clientPlan, eumPlan } from '@esim-rsp/sgp22/pki/plans';
import { extendedKeyUsages } from '@esim-rsp/sgp22/pki/roles';
import { certifyUnder, makeClient, makeEuicc, makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import type { Env } from '@esim-rsp/smdp/env';
import { es2Functions } from '@esim-rsp/smdp/es2/functions';
import { createRefusalAudit } from '../../audit/refusals.ts';
import { limitAvailability } from '../../limits/availability.ts';
import { parseNetworks } from '../../limits/networks.ts';
import { next, stocked } from '../../store/contract/records.harness.ts';
import type { Operator } from '../../store/ports/operators.ts';
import { openMemoryStore } from '../../store/sqlite/memory.harness.ts';
import { createRspServer } from '../tls-server.ts';
import { createOperatorFinder } from './callers.ts';
import { es2Listener } from './listener.ts';

const now = Date.now();
const maker = { random: systemRandom, now, generateKey: generateSigningKey };
const pki = makeTestPki({ ...maker, curve: 'P-256', hosts: ['localhost'] });
const [pinned, stranger, old] = [
  makeClient(maker, 'pinned'),
  makeClient(maker, 'stranger'),
  makeClient({ ...maker, now: now - 900 * 86_400_000 }, 'old'),
];
const underCa = certifyUnder(maker, pki.ci, ({ issuer, ...own }) => clientPlan(own, 'under CA', issuer));
const euicc = makeEuicc(maker, pki.eum, completeEid('890490320000000000000000000009'));

const store = await openMemoryStore();
const operator = (name: string, account: string, identity: Operator['identity']): Operator => ({
  name,
  account,
  identity,
  requesterIdentifiers: [name, `${name}.1`],
  createdAt: 1,
});
const pin = ({ certificate }: CertifiedKey) => ({ certificateSha256: sha256(certificate.bytes) });
for (const id of ['operator', 'hub']) await store.addAccount({ id, name: id, createdAt: 1 });
await store.addOperator(operator('shop', 'operator', pin(pinned)));
await store.addOperator(operator('old', 'operator', pin(old)));
await store.addOperator(operator('hub', 'hub', { caCertificate: pki.ci.certificate.bytes }));

const lines: string[] = [];
let ahead = 0;
const env = () =>
  ({
    now: Date.now() + ahead,
    random: systemRandom,
    smdpAddress: 'rsp.example.com',
    limits: { sessionSeconds: 1, resultSeconds: 1, downloadAttempts: 10, confirmationCodeAttempts: 3 },
  }) as Partial<Env> as Env;
const service = {
  functions: es2Functions,
  store,
  auditRefusal: createRefusalAudit(store),
  findOperators: createOperatorFinder(store),
  availability: limitAvailability(10),
  env,
  log: {
    done: (name: string, caller: object) => void lines.push(`${name} done ${JSON.stringify(caller)}`),
    refused: (name: string, status: object, caller: object) =>
      void lines.push(`${name} ${JSON.stringify(status)} ${JSON.stringify(caller)}`),
    rejected: (name: string, reason: string) => void lines.push(`${name} turned away: ${reason}`),
    failed: (_name: string, _id: string, error: unknown) => void lines.push(String(error)),
  },
};
const server = createRspServer({
  dpTls: () => [pki.dpTls],
  requestSeconds: 30,
  requestClientCertificates: true,
});
server.on('request', es2Listener(service, { bodyBytes: 4096 }));

before(async () => void (await once(server.listen(0, 'localhost'), 'listening')));
after(() => {
  server.close();
  server.closeAllConnections();
});

type Sent = {
  readonly by?: CertifiedKey;
  /** Sent with the certificate: those that issued it, the nearest first. */
  readonly chain?: readonly CertifiedKey[];
  readonly agent?: Agent;
  readonly headers?: OutgoingHttpHeaders;
  readonly method?: string;
  readonly port?: number;
};

async function send(
  path: string,
  body: string,
  { by, chain = [], agent, headers, method = 'POST', port }: Sent = {},
) {
  const sending = httpsRequest({
    host: 'localhost',
    port: port ?? (server.address() as AddressInfo).port,
    path: path.startsWith('/') ? path : `/gsma/rsp2/es2plus/${path}`,
    method,
    ca: certificatePem(pki.ci.certificate),
    ...(by && {
      cert: [by, ...chain].map(({ certificate }) => certificatePem(certificate)).join(''),
      key: by.key.exportPem(),
    }),
    headers: { 'Content-Type': 'application/json', ...headers },
    agent: agent ?? false,
  });
  sending.end(body);
  const [response] = await once(sending, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, body: JSON.parse(text) };
}

let calls = 0;
const header = (functionRequesterIdentifier = 'shop') => ({
  functionRequesterIdentifier,
  functionCallIdentifier: `call ${++calls}`,
});
const call = (name: string, members: object, { by = pinned, ...sent }: Sent = {}) =>
  send(name, JSON.stringify({ header: header(), ...members }), { by, ...sent });

const success = { functionExecutionStatus: { status: 'Executed-Success' } };
const pairOf = ({ body }: Awaited<ReturnType<typeof send>>) => {
  const { status, statusCodeData } = body.header.functionExecutionStatus;
  assert.deepEqual([status, Object.keys(body)], ['Failed', ['header']]);
  return `${statusCodeData.subjectCode}/${statusCodeData.reasonCode}`;
};

async function stock(members: Parameters<typeof stocked>[0] = {}) {
  const profile = stocked(members);
  await store.save([{ profile }]);
  return profile.iccid;
}

test('an operator orders, confirms, releases and cancels', async () => {
  const iccid = await stock();
  const eid = next.eid();
  assert.deepEqual((await call('downloadOrder', { iccid: `${iccid}F`, eid })).body, {
    header: success,
    iccid,
  });
  const { body, headers } = await call('confirmOrder', { iccid, releaseFlag: false });
  const { matchingId, ...rest } = body;
  assert.match(matchingId, /^[0-9A-Z-]{23}$/);
  assert.deepEqual(rest, { header: success, eid, smdpAddress: 'rsp.example.com' });
  assert.match(headers['x-admin-protocol'], /^gsma\/rsp\/v2/);
  assert.deepEqual((await call('releaseProfile', { iccid })).body, { header: success });
  assert.equal((await store.profile(iccid))?.state, 'RELEASED');
  const finalProfileStatusIndicator = 'Unavailable';
  const cancelled = await call('cancelOrder', { iccid, eid, matchingId, finalProfileStatusIndicator });
  assert.deepEqual(cancelled.body, { header: success });
  assert.equal((await store.profile(iccid))?.state, 'UNAVAILABLE');
});

test('many orders of one type at a time get a profile each, the oldest first', async () => {
  const made = await Promise.all(
    Array.from({ length: 40 }, (_, i) => stock({ profileType: 'many', changedAt: i })),
  );
  assert.equal((await call('downloadOrder', { profileType: 'many' })).body.iccid, made[0]);
  const answers = await Promise.all(made.slice(1).map(() => call('downloadOrder', { profileType: 'many' })));
  assert.deepEqual(answers.map(({ body }) => body.iccid).toSorted(), made.slice(1).toSorted());
  assert.equal(pairOf(await call('downloadOrder', { profileType: 'many' })), '8.2.5/3.7');
});

test('a call that is sent again gets the same profile, two calls get two', async () => {
  for (const changedAt of [1, 2, 3]) await stock({ profileType: 'twice', changedAt });
  const order = { profileType: 'twice', header: header() };
  const [first, again] = [await call('downloadOrder', order), await call('downloadOrder', order)];
  assert.deepEqual(again.body, first.body);
  const impatient = { profileType: 'twice', header: header() };
  const answers = await Promise.all([1, 2, 3, 4].map(() => call('downloadOrder', impatient)));
  assert.equal(new Set(answers.map(({ body }) => body.iccid)).size, 1);
  const another = await call('downloadOrder', { ...order, header: header() });
  assert.notEqual(another.body.iccid, first.body.iccid);
  const byAnother = { ...order, header: { ...order.header, functionRequesterIdentifier: 'shop.1' } };
  assert.equal(pairOf(await call('downloadOrder', byAnother)), '8.2.5/3.7');
});

test('the certificate decides the account: profiles of others are unknown', async () => {
  const iccid = await stock({ account: 'hub' });
  assert.equal(pairOf(await call('downloadOrder', { iccid })), '8.2.1/3.9');
  const ours = await call('downloadOrder', { iccid, header: header('hub') }, { by: underCa });
  assert.deepEqual(ours.body, { header: success, iccid });
});

test('functionRequesterIdentifier has to be that of the operator', async () => {
  for (const name of ['hub', 'nobody', 'SHOP'])
    assert.equal(
      pairOf(await call('releaseProfile', { iccid: next.iccid(), header: header(name) })),
      '1.1/1.2',
    );
  const other = await call('releaseProfile', { iccid: next.iccid(), header: header('shop.1') });
  assert.equal(pairOf(other), '8.2.1/3.9');
});

test('without a certificate the answer is 401, with one of no operator 403, whatever is asked', async () => {
  const body = JSON.stringify({ header: header() });
  assert.equal((await send('downloadOrder', body)).status, 401);
  for (const by of [stranger, old, euicc, pki.dpAuth]) {
    const { status, body: problem } = await send('downloadOrder', 'no JSON', { by });
    assert.deepEqual([status, problem.statusCode], [403, 403], String(by.certificate.subject.commonName));
  }
});

test('a client certificate needs the key usage digitalSignature, and clientAuth if it has an extended key usage', async () => {
  const changes: readonly [(plan: CertificatePlan) => CertificatePlan, number][] = [
    [(plan) => plan, 200],
    [(plan) => withExtensions(plan, extensions.keyUsage('digitalSignature', 'keyEncipherment')), 200],
    [(plan) => withExtensions(plan, extensions.keyUsage('keyEncipherment')), 403],
    [(plan) => withExtensions(plan, extensions.keyUsage('keyCertSign', 'cRLSign')), 403],
    [(plan) => withoutExtension(plan, 'keyUsage'), 403],
    [(plan) => withExtensions(plan, extensions.extendedKeyUsage(extendedKeyUsages.serverAuth)), 403],
  ];
  for (const [at, [change, expected]] of changes.entries()) {
    const issued = certifyUnder(maker, pki.ci, ({ issuer, ...own }) =>
      change(clientPlan(own, 'client', issuer)),
    );
    assert.equal(await releaseBy(issued, []), expected, `under a CA, ${at}`);
    const name = `usage-${at}`;
    await store.addOperator(operator(name, 'operator', pin(issued)));
    const sent = { by: issued };
    assert.equal(
      (await call('releaseProfile', { header: header(name) }, sent)).status,
      expected,
      `pinned, ${at}`,
    );
    await store.deleteOperator(name);
  }
  const without = certifyUnder(maker, pki.ci, ({ issuer, ...own }) =>
    withoutExtension(clientPlan(own, 'client', issuer), 'extendedKeyUsage'),
  );
  assert.equal(await releaseBy(without, []), 403, 'under a CA, which may issue certificates for other uses');
  await store.addOperator(operator('without', 'operator', pin(without)));
  assert.equal((await call('releaseProfile', { header: header('without') }, { by: without })).status, 200);
});

/** A CA that may have no CA below it: its pathLenConstraint is 0. */
const subCa = (issuer: CertifiedKey) => {
  const options = { organization: 'Hub', oid: '2.999.7', eidPrefixes: [] };
  return certifyUnder(maker, issuer, (own) => withoutExtension(eumPlan(own, options), 'nameConstraints'));
};
const clientOf = (issuer: CertifiedKey) =>
  certifyUnder(maker, issuer, ({ issuer: ca, ...own }) => clientPlan(own, 'client', ca));
const releaseBy = async (by: CertifiedKey, chain: readonly CertifiedKey[], agent?: Agent) => {
  const sent = { by, chain, ...(agent !== undefined && { agent }) };
  return (await call('releaseProfile', { header: header('hub') }, sent)).status;
};

test('a chain is followed to the CA as far as its certificates allow', async () => {
  const one = subCa(pki.ci);
  const two = subCa(one);
  assert.equal(await releaseBy(clientOf(one), [one]), 200);
  assert.equal(await releaseBy(clientOf(one), []), 403);
  assert.equal(await releaseBy(clientOf(two), [two, one]), 403);
  assert.equal(await releaseBy(clientOf(pki.eum), [pki.eum]), 403, 'name constraints');
  assert.equal(await releaseBy(clientOf(underCa), [underCa]), 403, 'not a CA');
});

test('a chain is known on later connections too, whatever TLS remembers of the first', async () => {
  const ca = subCa(pki.ci);
  const client = clientOf(ca);
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const agent = new Agent({ keepAlive: false, maxCachedSessions: 9, maxVersion });
    for (const _ of [1, 2, 3]) assert.equal(await releaseBy(client, [ca], agent), 200, maxVersion);
  }
});

test('an operator that is added is let in at once, one that is removed is soon refused', async () => {
  const late = makeClient(maker, 'late');
  const asks = async () => (await call('releaseProfile', { header: header('late') }, { by: late })).status;
  assert.equal(await asks(), 403);
  await store.addOperator(operator('late', 'operator', pin(late)));
  assert.equal(await asks(), 200);
  await store.deleteOperator('late');
  ahead = 3000;
  assert.equal(await asks(), 403);
});

test('the certificate that a listed proxy sends counts for pinned certificates, that of anybody else is ignored', async () => {
  const start = async (certificateProxies?: string) => {
    const behind = createRspServer({ requestSeconds: 30 });
    const proxies = certificateProxies === undefined ? undefined : parseNetworks(certificateProxies);
    behind.on('request', es2Listener(service, { bodyBytes: 4096, certificateProxies: proxies }));
    await once(behind.listen(0, '127.0.0.1'), 'listening');
    return behind;
  };
  const body = JSON.stringify({ header: header(), iccid: next.iccid() });
  const statusOf = async (proxy: Server, clientCert: string | undefined, text = body) => {
    const { port } = proxy.address() as AddressInfo;
    const headers = {
      'content-type': 'application/json',
      ...(clientCert !== undefined && { 'client-cert': clientCert }),
    };
    const answer = await fetch(`http://127.0.0.1:${port}/gsma/rsp2/es2plus/releaseProfile`, {
      method: 'POST',
      headers,
      body: text,
    });
    await answer.text();
    return answer.status;
  };
  const structured = ({ certificate }: CertifiedKey) =>
    `:${Buffer.from(certificate.bytes).toString('base64')}:`;
  const escaped = ({ certificate }: CertifiedKey) => encodeURIComponent(certificatePem(certificate));
  const [listed, other, none] = await Promise.all([start('127.0.0.1'), start('192.0.2.0/24,::1'), start()]);
  try {
    for (const write of [structured, escaped]) {
      assert.equal(await statusOf(listed, write(pinned)), 200);
      assert.equal(await statusOf(listed, write(stranger)), 403);
      assert.equal(await statusOf(listed, write(old)), 403);
      const hub = JSON.stringify({ header: header('hub'), iccid: next.iccid() });
      assert.equal(await statusOf(listed, write(underCa), hub), 403, 'under a CA: only pinned ones count');
      assert.equal(await statusOf(other, write(pinned)), 401);
      assert.equal(await statusOf(none, write(pinned)), 401);
    }
    const good = structured(pinned);
    for (const bad of [
      undefined,
      '',
      '::',
      good.slice(1),
      `${good}, ${good}`,
      good.replace(/.{8}:$/, ':'),
      '%',
      '%zz',
      escaped(pinned) + escaped(pinned),
    ])
      assert.equal(await statusOf(listed, bad), 401, String(bad).slice(0, 20));
  } finally {
    for (const each of [listed, other, none]) each.close().closeAllConnections();
  }
});

test('a listed proxy that uses TLS is not taken for an operator by its own certificate', async () => {
  const proxied = createRspServer({
    dpTls: () => [pki.dpTls],
    requestSeconds: 30,
    requestClientCertificates: true,
  });
  proxied.on(
    'request',
    es2Listener(service, { bodyBytes: 4096, certificateProxies: parseNetworks('127.0.0.1,::1') }),
  );
  await once(proxied.listen(0, 'localhost'), 'listening');
  const { port } = proxied.address() as AddressInfo;
  const text = JSON.stringify({ header: header(), iccid: next.iccid() });
  assert.equal((await send('releaseProfile', text, { by: pinned, port })).status, 401);
  const clientCert = `:${Buffer.from(pinned.certificate.bytes).toString('base64')}:`;
  assert.equal(
    (await send('releaseProfile', text, { by: stranger, port, headers: { 'client-cert': clientCert } }))
      .status,
    200,
  );
  assert.equal(
    (await send('releaseProfile', text, { headers: { 'client-cert': clientCert } })).status,
    401,
    'not listed',
  );
  proxied.close().closeAllConnections();
});

test('what cannot be read is answered Failed, and says what is wrong with it', async () => {
  for (const [body, pair, message] of [
    ['{', '1.6/2.1', /not JSON/],
    ['[]', '1.6/2.1', /not a JSON object/],
    [JSON.stringify({ iccid: next.iccid() }), '1.6/2.2', /header is missing/],
    [JSON.stringify({ header: header() }), '1.6/2.2', /iccid is missing/],
  ] as const) {
    const answer = await send('confirmOrder', body, { by: pinned });
    assert.deepEqual([answer.status, pairOf(answer)], [200, pair]);
    assert.match(answer.body.header.functionExecutionStatus.statusCodeData.message, message);
  }
  const headers = { 'X-Admin-Protocol': 'gsma/rsp/v1.0.0' };
  assert.equal(pairOf(await call('releaseProfile', { iccid: next.iccid() }, { headers })), '1.3.2/3.1');
  assert.equal(pairOf(await call('downloadOrder', {})), '1.6/2.3');
});

test('a MatchingID outside its alphabet is 8.2.6/2.1 in ConfirmOrder and 8.2.6/3.10 in CancelOrder', async () => {
  const iccid = await stock();
  await call('downloadOrder', { iccid });
  for (const matchingId of ['lower-case', 'A_B', 'A B', 'A'.repeat(81)]) {
    const refused = await call('confirmOrder', { iccid, matchingId, releaseFlag: true });
    assert.equal(pairOf(refused), '8.2.6/2.1', matchingId);
    const cancelled = { iccid, matchingId, finalProfileStatusIndicator: 'Available' };
    assert.equal(pairOf(await call('cancelOrder', cancelled)), '8.2.6/3.10', matchingId);
  }
  const unknown = { iccid: next.iccid(), matchingId: 'a', releaseFlag: true };
  assert.equal(pairOf(await call('confirmOrder', unknown)), '8.2.1/3.9', 'the ICCID is checked first');
  assert.equal(pairOf(await call('confirmOrder', { iccid, matchingId: 1, releaseFlag: true })), '1.6/2.1');
  assert.equal((await store.profile(iccid))?.state, 'ALLOCATED');
});

test('the X-Admin-Protocol of a caller of version 2 comes back, for any other it is ours', async () => {
  const iccid = await stock();
  for (const [sent, answered] of [
    ['gsma/rsp/v2.0.0', 'gsma/rsp/v2.0.0'],
    ['gsma/rsp/v2.2', 'gsma/rsp/v2.2'],
    ['gsma/rsp/v3.1.0', ADMIN_PROTOCOL],
    ['gsma/rsp/v1.0.0', ADMIN_PROTOCOL],
    ['gsma/rsp/v2.2.2; x=y', ADMIN_PROTOCOL],
  ] as const) {
    const { headers } = await call('releaseProfile', { iccid }, { headers: { 'X-Admin-Protocol': sent } });
    assert.equal(headers['x-admin-protocol'], answered, sent);
  }
});

test('other paths, methods and sizes are refused as HTTP does it', async () => {
  assert.equal((await call('handleNotification', {})).status, 404);
  assert.equal((await call('/gsma/rsp2/es9plus/initiateAuthentication', {})).status, 404);
  const got = await send('downloadOrder', '', { by: pinned, method: 'GET' });
  assert.deepEqual([got.status, got.headers.allow], [405, 'POST']);
  assert.equal((await send('downloadOrder', ' '.repeat(5000), { by: pinned })).status, 413);
});

test('the log names operator and call, and no confirmation code', async () => {
  const iccid = await stock();
  await call('downloadOrder', { iccid });
  const confirmationCode = 'hush-hush-12345678';
  await call('confirmOrder', { iccid, confirmationCode, releaseFlag: true });
  assert.equal(
    lines.at(-1),
    `confirmOrder done {"operator":"shop","functionCallIdentifier":"call ${calls}"}`,
  );
  await call('confirmOrder', { iccid, confirmationCode, releaseFlag: false });
  assert.match(lines.at(-1) ?? '', /^confirmOrder .*8\.2\.1.*this one is RELEASED.*"operator":"shop"/);
  assert.ok(!lines.join().includes('hush'));
});

test('an account that searches for MatchingIDs of others has to wait, and other accounts do not', async () => {
  const order = async (account: string, chosen: object) => {
    const by = account === 'hub' ? { by: underCa } : {};
    const own = () => ({ ...(account === 'hub' && { header: header('hub') }) });
    const iccid = await stock({ account });
    await call('downloadOrder', { iccid, ...own() }, by);
    return call('confirmOrder', { iccid, releaseFlag: true, ...chosen, ...own() }, by);
  };
  const matchingId = `TAKEN-${Date.now()}`;
  assert.deepEqual((await order('hub', { matchingId })).body.header, success);
  for (let i = 0; i < 10; i++) assert.equal(pairOf(await order('operator', { matchingId })), '8.2.6/3.3');
  const refused = await order('operator', { matchingId });
  assert.equal(pairOf(refused), '1.2/4.4');
  assert.match(
    refused.body.header.functionExecutionStatus.statusCodeData.message,
    /too many MatchingIDs .*try again in \d+ seconds/,
  );
  assert.equal(
    pairOf(await order('operator', { matchingId: `FREE-${Date.now()}` })),
    '1.2/4.4',
    'a free one too',
  );
  assert.deepEqual((await order('operator', {})).body.header, success, 'one that the server generates');
  assert.deepEqual((await order('hub', { matchingId: `OTHER-${Date.now()}` })).body.header, success);
});
