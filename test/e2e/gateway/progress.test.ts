import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deleteProfile, disableProfile, enableProfile, sendNotifications } from '@esim-rsp/euicc';
import { es2plusToOperator } from '@esim-rsp/sgp22/functions/es2plus';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { runEsim } from '../../harness/esim.ts';
import {
  addUpstream,
  type Gateway,
  once,
  profileAt,
  startGateway,
  stockAt,
} from '../../harness/gateway/two-servers.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';

const { path } = es2plusToOperator.handleDownloadProgressInfo;

let servers: Gateway;
const read = (name: string) => readFileSync(join(servers.vendor.dataDir, name), 'utf8');

/** The vendor shows a certificate of its own when it reports to the gateway. */
before(async () => {
  servers = await startGateway();
  const { vendor, gateway } = servers;
  const esim = async (...args: string[]) => {
    const { code, err } = await runEsim(
      { cwd: vendor.dataDir, env: { ESIM_DATA_DIR: vendor.dataDir } },
      ...args,
    );
    assert.equal(code, 0, err);
  };
  await esim('operator', 'make-cert', 'vendor');
  await esim('operator', 'make-cert', 'stranger');
  const ca = readFileSync(join(gateway.pkiDir, 'CertificateIssuer/CERT_CI_ECDSA_NIST.pem'));
  writeFileSync(join(vendor.dataDir, 'gateway-ca.pem'), ca);
  const tls = [
    '--progress-cert',
    'vendor.pem',
    '--progress-key',
    'vendor.key',
    '--progress-ca',
    'gateway-ca.pem',
  ];
  await esim('operator', 'update', 'us', '--progress-url', gateway.es2Url, '--progress-style', '5-8', ...tls);
  await addUpstream(servers, 'vendor', { callback_certificate: read('vendor.pem') });
});
after(() => servers[Symbol.asyncDispose]());

/** Waits until the gateway has what the vendor has reported. */
async function until(iccid: string, state: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if ((await profileAt(servers.gateway, iccid)).state === state) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`the profile ${iccid} does not become ${state}`);
}

/** Sends a report as a vendor would; resolves to the HTTP status. */
function report(name: string, members: object): Promise<number> {
  const { gateway } = servers;
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sending = request(gateway.es2Url + path, {
    method: 'POST',
    cert: read(`${name}.pem`),
    key: read(`${name}.key`),
    ca: read('gateway-ca.pem'),
    headers: { 'content-type': 'application/json' },
    agent: false,
  });
  sending.on('error', reject);
  sending.on('response', (response) => resolve(response.resume().statusCode ?? 0));
  sending.end(JSON.stringify(members));
  return promise;
}

test('both servers say the same at every step of a download, and of what the user does then', async () => {
  const { gateway, vendor } = servers;
  const [iccid = ''] = await stockAt(servers, 'vendor');
  const { data } = await gateway.api.orderEUICCProfile(iccid, {}, once);
  await using phone = await newPhone(vendor);
  await downloadBy(phone, data.activation_code);
  await until(iccid, 'DOWNLOADED');
  await sendNotifications(phone.env);
  await until(iccid, 'INSTALLED');
  const id = parseIccid(iccid);
  for (const [step, state] of [
    [enableProfile, 'ENABLED'],
    [disableProfile, 'DISABLED'],
    [deleteProfile, 'DELETED'],
  ] as const) {
    await step(phone.env.es10, id);
    await sendNotifications(phone.env);
    await until(iccid, state);
    assert.equal((await profileAt(vendor, iccid)).state, state);
  }
  const [here, there] = [await profileAt(gateway, iccid), await profileAt(vendor, iccid)];
  assert.equal(here.eid, there.eid);
  const types = async ({ api }: typeof gateway) =>
    (await api.getEUICCProfileHistory(iccid)).data.events.map(({ type }) => type);
  assert.deepEqual(
    (await types(gateway)).filter((type) => type !== 'operation.done'),
    await types(vendor),
  );
});

test('vendors write reports in their own ways: twice, late, with F, null and points that are not known', async () => {
  const [iccid = ''] = await stockAt(servers, 'vendor');
  await servers.gateway.api.orderEUICCProfile(iccid, {}, once);
  const plain = {
    header: { functionRequesterIdentifier: 'x', functionCallIdentifier: 'same' },
    iccid: `${iccid}f`,
    eid: '89049032123451234512345678901235',
    profileType: null,
    timestamp: '2026-03-01T10:00:02.500Z',
    notificationPointId: '4',
    notificationPointStatus: { status: 'EXECUTED-SUCCESS', statusCodeData: null },
    resultData: null,
  };
  for (let i = 0; i < 2; i++) assert.equal(await report('vendor', plain), 204);
  assert.equal(
    await report('vendor', { ...plain, notificationPointId: 3, timestamp: '2026-03-01T10:00:01Z' }),
    204,
  );
  assert.equal(await report('vendor', { ...plain, notificationPointId: 55 }), 204);
  assert.equal(await report('vendor', { ...plain, iccid: '8988201999999999999' }), 204);
  const { data } = await servers.gateway.api.getEUICCProfileHistory(iccid);
  assert.deepEqual(
    data.events.slice(-3).map(({ type, message }) => [type, message]),
    [
      ['profile.installed', undefined],
      ['upstream.reported', 'point 3 (downloaded)'],
      ['upstream.reported', 'point 55'],
    ],
  );
  assert.equal((await profileAt(servers.gateway, iccid)).state, 'INSTALLED');
});

test('a report that names the eUICC only is about its one profile of the vendor', async () => {
  const [first = '', second = ''] = [
    ...(await stockAt(servers, 'vendor')),
    ...(await stockAt(servers, 'vendor')),
  ];
  const eid = '89049032123451234512345678901292';
  for (const iccid of [first, second]) await servers.gateway.api.orderEUICCProfile(iccid, {}, once);
  const installed = (iccid: string | undefined, timestamp: string) => ({
    iccid,
    eid,
    timestamp,
    notificationPointId: 4,
    notificationPointStatus: { status: 'Executed-Success' },
  });
  const state = async (iccid: string) => (await profileAt(servers.gateway, iccid)).state;
  assert.equal(await report('vendor', installed(undefined, '2026-03-01T10:00:00Z')), 204, 'of none');
  assert.equal(await report('vendor', installed(first, '2026-03-01T10:00:00Z')), 204);
  const deleted = { ...installed(undefined, '2026-03-01T10:01:00Z'), notificationPointId: 8 };
  assert.deepEqual([await state(first), await state(second)], ['INSTALLED', 'RELEASED']);
  assert.equal(await report('vendor', installed(second, '2026-03-01T10:00:00Z')), 204);
  assert.equal(await report('vendor', deleted), 204, 'two have it: nobody knows which one is meant');
  assert.deepEqual([await state(first), await state(second)], ['INSTALLED', 'INSTALLED']);
  assert.equal(await report('vendor', { ...deleted, iccid: first }), 204);
  assert.equal(await report('vendor', { ...deleted, timestamp: '2026-03-01T10:02:00Z' }), 204);
  assert.deepEqual([await state(first), await state(second)], ['DELETED', 'DELETED']);
});

test('only the vendor can report, and what cannot be read is refused', async () => {
  const [iccid = ''] = await stockAt(servers, 'vendor');
  await servers.gateway.api.orderEUICCProfile(iccid, {}, once);
  const report4 = {
    iccid,
    timestamp: '2026-03-01T10:00:00Z',
    notificationPointId: 4,
    notificationPointStatus: { status: 'Failed' },
  };
  assert.equal(await report('stranger', report4), 403);
  assert.equal(await report('us', report4), 403, 'our own certificate is not that of the vendor');
  for (const wrong of [
    { iccid: 'x' },
    { timestamp: 'x' },
    { notificationPointId: {} },
    { notificationPointStatus: 1 },
  ])
    assert.equal(await report('vendor', { ...report4, ...wrong }), 400);
  assert.equal((await profileAt(servers.gateway, iccid)).state, 'RELEASED');
  assert.equal(await report('vendor', report4), 204);
  const { state, state_reason } = await profileAt(servers.gateway, iccid);
  assert.deepEqual([state, state_reason?.message], ['ERROR', 'failed']);
});
