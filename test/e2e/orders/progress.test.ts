import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deleteProfile, disableProfile, enableProfile, sendNotifications } from '@esim-rsp/euicc';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { readMessage } from '@esim-rsp/sgp22/functions/binding';
import { type DownloadProgressInfo, es2plusToOperator } from '@esim-rsp/sgp22/functions/es2plus';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { runEsim } from '../../harness/esim.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released, subscription } from '../../harness/profiles.ts';
import { type Receiver, startReceiver, until } from '../../harness/receiver.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';

const { request, path } = es2plusToOperator.handleDownloadProgressInfo;
const pki = makeTestPki({
  random: systemRandom,
  now: Date.now(),
  generateKey: generateSigningKey,
  curve: 'P-256',
  hosts: ['localhost'],
});

let server: ServerProcess;
let operator: Receiver;
before(async () => {
  server = await startServer();
  operator = await startReceiver({
    cert: certificatePem(pki.dpTls.certificate),
    key: pki.dpTls.key.exportPem(),
    requestCert: true,
    rejectUnauthorized: false,
  });
  writeFileSync(join(server.dataDir, 'shop-ca.pem'), certificatePem(pki.ci.certificate));
  await esim('operator', 'make-cert', 'smdp');
  await esim('operator', 'make-cert', 'shop');
  const tls = ['--progress-cert', 'smdp.pem', '--progress-key', 'smdp.key', '--progress-ca', 'shop-ca.pem'];
  const url = ['--progress-url', new URL(operator.url).origin, '--progress-style', '101'];
  const added = await esim(
    'operator',
    'create',
    '--name',
    'shop',
    '--cert',
    'shop.pem',
    ...url,
    ...tls,
    '--json',
  );
  assert.deepEqual(JSON.parse(added).progress, {
    url: new URL(path, operator.url).href,
    style: '101',
    shows_certificate: true,
    trusts: new X509Certificate(certificatePem(pki.ci.certificate)).subject.replaceAll('\n', ', '),
  });
});
after(async () => {
  await operator[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function esim(...args: string[]): Promise<string> {
  const env = {
    ESIM_DATA_DIR: server.dataDir,
    ESIM_URL: server.restUrl,
    ESIM_USER_ID: account.ESIM_BOOTSTRAP_USER_ID,
    ESIM_API_KEY: account.ESIM_BOOTSTRAP_API_KEY,
  };
  const { code, out, err } = await runEsim({ cwd: server.dataDir, env }, ...args);
  assert.equal(code, 0, err);
  return out;
}

/** What the operator was informed of a profile, in the order in which it came. */
function reportedOf(iccid: string): DownloadProgressInfo[] {
  return operator.received
    .map(({ body }) => readMessage(request, JSON.parse(body)))
    .filter((info) => info.iccid === iccid);
}

const pointsIn = (infos: readonly DownloadProgressInfo[]) =>
  infos.map(({ notificationPointId, notificationPointStatus: { status, statusCodeData: codes } }) =>
    [notificationPointId, status, ...(codes ? [`${codes.subjectCode}/${codes.reasonCode}`] : [])].join(' '),
  );

test('an operator is informed of every point of a download and of what the device does then, with mutual TLS', async () => {
  const content = { parameters: subscription(), profile_type: 'gold' };
  const { iccid, activationCode } = await released(server, content, { confirmation_code: '2468' });
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode, '1357', '2468');
  await sendNotifications(phone.env);
  await enableProfile(phone.env.es10, parseIccid(iccid));
  await disableProfile(phone.env.es10, parseIccid(iccid));
  await deleteProfile(phone.env.es10, parseIccid(iccid));
  await sendNotifications(phone.env);
  await until(() => reportedOf(iccid).length >= 7);
  const reported = reportedOf(iccid);
  assert.deepEqual(pointsIn(reported), [
    '1 Executed-Success',
    '2 Failed 8.2.7/3.8',
    '3 Executed-Success',
    '4 Executed-Success',
    '101 Executed-Success',
    '102 Executed-Success',
    '5 Executed-Success',
  ]);
  const { events } = (await server.api.getEUICCProfileHistory(iccid)).data;
  const times = events
    .filter(({ actor }) => actor.kind === 'device')
    .map(({ occurred_at }) => occurred_at.replace(/\.\d+Z/, 'Z'));
  assert.deepEqual(
    reported.map(({ timestamp }) => timestamp),
    times,
  );
  for (const info of reported) {
    assert.deepEqual([info.eid, info.profileType], [phone.phone.card().eid, 'gold']);
    assert.equal(info.header.functionRequesterIdentifier, server.smdpAddress);
  }
  assert.ok(reported[3]?.resultData && reported[3].resultData.length > 50);
  assert.equal(new Set(reported.map(({ header }) => header.functionCallIdentifier)).size, 7);
  const { fingerprint256 } = new X509Certificate(readFileSync(join(server.dataDir, 'smdp.pem')));
  for (const { client, path: at, headers } of operator.received) {
    assert.deepEqual([client, at], [fingerprint256, path]);
    assert.match(String(headers['x-admin-protocol']), /^gsma\/rsp\/v2\./);
  }
});

test('an operator that is away receives the messages later, as the same call and in order, and waiting messages are shown', async () => {
  operator.answer = (response) => void response.writeHead(503).end();
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  await sendNotifications(phone.env);
  await until(() => reportedOf(iccid).length > 0);
  const { deliveries: stuck } = JSON.parse(
    await esim('operator', 'deliveries', 'shop', '--state', 'pending', '--json'),
  );
  await until(async () =>
    (await esim('operator', 'deliveries', 'shop')).includes('answered 503, expected 204'),
  );
  assert.ok(stuck.length > 0);
  assert.ok(stuck.every((one: { iccid: string }) => one.iccid === iccid));
  operator.answer = (response) => void response.writeHead(204).end();
  await until(async () => {
    const waiting = await esim('operator', 'deliveries', 'shop', '--state', 'pending', '--json');
    return JSON.parse(waiting).deliveries.length === 0;
  });
  const reported = reportedOf(iccid);
  const calls = reported.map(({ header }) => header.functionCallIdentifier);
  assert.deepEqual([...new Set(reported.map(({ notificationPointId: id }) => id))], [1, 3, 4]);
  assert.equal(new Set(calls).size, 3);
  assert.ok(calls.length > 3);
  assert.deepEqual(
    calls,
    calls.toSorted((a, b) => calls.indexOf(a) - calls.indexOf(b)),
  );
});

test('a message to an operator is replayed as the same call', async () => {
  const {
    deliveries: [last],
  } = JSON.parse(await esim('operator', 'deliveries', 'shop', '--state', 'delivered', '--json'));
  const before = reportedOf(last.iccid).length;
  const replayed = JSON.parse(await esim('operator', 'replay', 'shop', String(last.id), '--json'));
  assert.deepEqual([replayed.state, replayed.event_id], ['delivered', last.event_id]);
  assert.ok(replayed.id > last.id);
  const calls = reportedOf(last.iccid).map(({ header }) => header.functionCallIdentifier);
  assert.equal(calls.length, before + 1);
  assert.ok(
    calls.slice(0, -1).includes(calls.at(-1) ?? ''),
    'the operator can recognize it by its identifier',
  );
});

test('a server without the TLS certificate of the operator receives nothing', async () => {
  const before = operator.received.length;
  await esim('operator', 'update', 'shop', '--progress-ca', 'smdp.pem');
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  await until(async () =>
    /certificate of the server is (not trusted|signed by itself)/.test(
      await esim('operator', 'deliveries', 'shop'),
    ),
  );
  assert.equal(operator.received.length, before);
  await esim('operator', 'update', 'shop', '--progress-ca', 'shop-ca.pem');
  await until(() => reportedOf(iccid).length >= 2);
  await esim('operator', 'update', 'shop', '--no-progress');
  await sendNotifications(phone.env);
  assert.equal(JSON.parse(await esim('operator', 'list', '--json'))[0].progress, undefined);
});
