import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { clientPlan } from '@esim-rsp/sgp22/pki/plans';
import { certifyUnder, makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { importUpstreamStock } from '../../harness/gateway/two-servers.ts';
import { nextIccid } from '../../harness/profiles.ts';
import { type Received, startReceiver } from '../../harness/receiver.ts';
import { startServer } from '../../harness/server.ts';

const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
const pki = makeTestPki({ ...env, curve: 'brainpoolP256r1', hosts: ['localhost'] });
const other = makeTestPki({ ...env, curve: 'P-256', hosts: ['localhost'] });
const client = certifyUnder(env, pki.ci, ({ issuer, ...own }) => clientPlan(own, 'us', issuer));
const identity = {
  client_certificate: certificatePem(client.certificate),
  client_key: client.key.exportPem(),
};

function answerOrder(response: ServerResponse, { path, body }: Received): void {
  const header = { functionExecutionStatus: { status: 'Executed-Success' } };
  const { iccid } = JSON.parse(body);
  const members = path.endsWith('downloadOrder') ? { iccid } : { matchingId: 'M-1' };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ header, ...members }));
}

test('an upstream with Brainpool certificates is tested and ordered at, whether its CA is trusted or not', async () => {
  await using gateway = await startServer({ ESIM_UPSTREAM_ALLOW_PRIVATE: '1' });
  const [cert, key] = [certificatePem(pki.dpTls.certificate), pki.dpTls.key.exportPem()];
  await using vendor = await startReceiver({ cert, key, requestCert: true, rejectUnauthorized: false });
  vendor.answer = answerOrder;
  const { api } = gateway;
  const url = new URL(vendor.url).origin;
  const settings = { url, ...identity, requester_identifier: 'us', smdp_address: 'rsp.example.com' };
  for (const [name, ca] of Object.entries({ trusted: pki, untrusted: other }))
    await api.createUpstream({ ...settings, name, ca: certificatePem(ca.ci.certificate) });
  const faultsOf = async (name: string) =>
    (await api.testUpstream(name)).data.checks.filter(({ ok }) => !ok).map(({ check }) => check);
  assert.deepEqual(await faultsOf('untrusted'), ['server_chain']);
  assert.deepEqual(await faultsOf('trusted'), []);
  const iccid = nextIccid();
  await importUpstreamStock(gateway, 'trusted', [iccid]);
  const { data } = await api.orderEUICCProfile(iccid, {}, { retries: 0 });
  assert.equal(data.activation_code, 'LPA:1$rsp.example.com$M-1');
  assert.equal(
    vendor.received.at(-1)?.client,
    new X509Certificate(identity.client_certificate).fingerprint256,
  );
});

test('the name of a server with a Brainpool certificate is checked', async () => {
  await using gateway = await startServer({ ESIM_UPSTREAM_ALLOW_PRIVATE: '1' });
  const wrong = makeTestPki({ ...env, curve: 'brainpoolP256r1', hosts: ['elsewhere.example.com'] });
  const [cert, key] = [certificatePem(wrong.dpTls.certificate), wrong.dpTls.key.exportPem()];
  await using vendor = await startReceiver({ cert, key, requestCert: true, rejectUnauthorized: false });
  vendor.answer = answerOrder;
  const { api } = gateway;
  const url = new URL(vendor.url).origin;
  const ca = certificatePem(wrong.ci.certificate);
  const settings = {
    name: 'vendor',
    url,
    ca,
    ...identity,
    requester_identifier: 'us',
    smdp_address: 'rsp.example.com',
  };
  await api.createUpstream(settings);
  const iccid = nextIccid();
  await importUpstreamStock(gateway, 'vendor', [iccid]);
  const { data } = await api.orderEUICCProfile(iccid, {}, { retries: 0, headers: { prefer: 'wait=1' } });
  assert.equal(data.pending_operation?.state, 'waiting');
  assert.match(data.pending_operation?.last_error ?? '', /is for other names/);
  assert.equal(vendor.received.length, 0);
});
