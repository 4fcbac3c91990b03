import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { download, sendNotifications } from '@esim-rsp/euicc';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import { parseActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { openStoreOf } from '../../harness/database.ts';
import { callEs2 } from '../../harness/es2-client.ts';
import { downloadBy, newPhone, nextEid, refusedAt } from '../../harness/phone.ts';
import { stateOf, subscription } from '../../harness/profiles.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';

const client = makeClient({ random: systemRandom, now: Date.now(), generateKey: generateSigningKey }, 'shop');

/** A server that lets the operator in, as `esim operator create` does it while the server runs. */
async function startOpen(settings: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const started = await startServer(settings);
  const store = await openStoreOf(started.dataDir);
  await store.addOperator({
    name: 'shop',
    account: account.ESIM_BOOTSTRAP_USER_ID,
    identity: { certificateSha256: sha256(client.certificate.bytes) },
    requesterIdentifiers: ['shop'],
    createdAt: 1,
  });
  await store.close();
  return started;
}

let server: ServerProcess;
before(async () => {
  server = await startOpen();
});
after(() => server[Symbol.asyncDispose]());

const shop = { name: 'shop', cert: certificatePem(client.certificate), key: client.key.exportPem() };

const es2 = (name: string, members: object, functionCallIdentifier?: string, on = server) =>
  callEs2(on, shop, name, members, functionCallIdentifier);

async function stock(profile_type: string, { api } = server): Promise<string> {
  return (await api.createEUICCProfile({ parameters: subscription(), profile_type })).data.iccid;
}

test('what an operator orders by ES2+ a phone downloads, and REST says how it stands', async () => {
  const iccid = await stock('gold');
  assert.deepEqual(await es2('downloadOrder', { profileType: 'gold' }), { iccid });
  assert.equal(await stateOf(server, iccid), 'ALLOCATED');
  const { data: history } = await server.api.getEUICCProfileHistory(iccid);
  assert.deepEqual(history.events[1]?.actor, { kind: 'operator', operator: 'shop' });
  assert.equal(await es2('downloadOrder', { profileType: 'gold' }), '8.2.5/3.7');
  const { data: audit } = await server.api.listAudit({ operator: 'shop' });
  assert.deepEqual(
    audit.entries.map(({ operation, targets, target, code }) => [operation, targets ?? target, code]),
    [
      ['ES2+.DownloadOrder', 'gold', '8.2.5/3.7'],
      ['ES2+.DownloadOrder', ['gold', iccid], undefined],
    ],
  );
  const confirmation = { iccid: `${iccid}F`, confirmationCode: '12345678', releaseFlag: false };
  const confirmed = await es2('confirmOrder', confirmation);
  assert.equal(await stateOf(server, iccid), 'CONFIRMED');
  assert.equal(confirmed.smdpAddress, server.smdpAddress);
  const activationCode = `LPA:1$${confirmed.smdpAddress}$${confirmed.matchingId}$$1`;
  await using phone = await newPhone(server);
  await assert.rejects(downloadBy(phone, activationCode), refusedAt('authenticateClient', '8.2/1.2'));
  assert.deepEqual(await es2('releaseProfile', { iccid }), {});
  await downloadBy(phone, activationCode, '12345678');
  await sendNotifications(phone.env);
  assert.equal(await stateOf(server, iccid), 'INSTALLED');

  assert.deepEqual(await es2('confirmOrder', confirmation), confirmed);
  assert.deepEqual(await es2('releaseProfile', { iccid }), {});
  const { matchingId } = confirmed;
  const cancelling = { iccid, matchingId, finalProfileStatusIndicator: 'Available' };
  assert.equal(await es2('cancelOrder', cancelling), '8.2.1/3.3');
  assert.equal(await stateOf(server, iccid), 'INSTALLED');
});

test('a repeated call about a deleted profile does not change the new one with its ICCID', async () => {
  const parameters = subscription();
  const { iccid } = (await server.api.createEUICCProfile({ parameters, profile_type: 'brief' })).data;
  const confirmation = { iccid, matchingId: 'AGAIN', releaseFlag: true };
  const ordering = [
    () => es2('downloadOrder', { profileType: 'brief' }, 'former-1'),
    () => es2('confirmOrder', confirmation, 'former-2'),
  ];
  for (const call of ordering) assert.equal(typeof (await call()), 'object');
  assert.equal(await stateOf(server, iccid), 'RELEASED');
  await server.api.deleteEUICCProfile(iccid);
  await server.api.createEUICCProfile({ parameters, profile_type: 'brief' });
  for (const call of ordering) assert.equal(await call(), '8.2.1/3.9');
  assert.equal(await stateOf(server, iccid), 'AVAILABLE');
  assert.deepEqual(await es2('downloadOrder', { iccid }), { iccid });
  for (const call of ordering) assert.equal(await call(), '8.2.1/3.9');
  assert.equal(await stateOf(server, iccid), 'ALLOCATED');
  assert.equal((await es2('confirmOrder', confirmation)).matchingId, 'AGAIN');
  assert.equal(await stateOf(server, iccid), 'RELEASED');
});

test('where a type is out of stock, ES2+ orders what a template makes, and a phone downloads it', async () => {
  const [{ iccid, imsi }] = [subscription(), subscription()]; // numbers of no other test
  const master_key = '00112233445566778899aabbccddeeff';
  const ranges = { iccid_start: iccid.slice(0, -1), imsi_start: imsi, size: 2 };
  await server.api.createProfileTemplate({ profile_type: 'made', ...ranges, master_key });
  const ordered = await es2('downloadOrder', { profileType: 'made' }, 'made-1');
  assert.equal(ordered.iccid.slice(0, -1), ranges.iccid_start);
  assert.deepEqual(await es2('downloadOrder', { profileType: 'made' }, 'made-1'), ordered);
  const confirmed = await es2('confirmOrder', { iccid: ordered.iccid, releaseFlag: true });
  await using phone = await newPhone(server);
  await downloadBy(phone, `LPA:1$${confirmed.smdpAddress}$${confirmed.matchingId}`);
  await sendNotifications(phone.env);
  assert.equal(await stateOf(server, ordered.iccid), 'INSTALLED');
  assert.notEqual((await es2('downloadOrder', { profileType: 'made' })).iccid, ordered.iccid);
  assert.equal(await es2('downloadOrder', { profileType: 'made' }), '8.2.5/3.7');
});

test('an order for an EID with an empty MatchingID is found without an activation code', async () => {
  const iccid = await stock('default');
  const eid = nextEid();
  await using phone = await newPhone(server, { eid });
  assert.deepEqual(await es2('downloadOrder', { iccid, eid }), { iccid });
  assert.equal(await stateOf(server, iccid), 'LINKED');
  const { smdpAddress } = server;
  const confirmed = await es2('confirmOrder', { iccid, eid, matchingId: '', releaseFlag: true });
  assert.deepEqual(confirmed, { eid, matchingId: '', smdpAddress });
  await downloadBy(phone, `LPA:1$${smdpAddress}$`);
  await sendNotifications(phone.env);
  assert.equal(await stateOf(server, iccid), 'INSTALLED');
});

test('an order that is cancelled while the user is asked ends the session, and the profile is free', async () => {
  const iccid = await stock('cancelled');
  await es2('downloadOrder', { iccid });
  const { matchingId, smdpAddress } = await es2('confirmOrder', { iccid, releaseFlag: true });
  const cancelling = { iccid, matchingId, finalProfileStatusIndicator: 'Available' };
  const source = parseActivationCode(`LPA:1$${smdpAddress}$${matchingId}`);
  const consent = async () => {
    assert.deepEqual(await es2('cancelOrder', cancelling, 'cancelled'), {});
    return true;
  };
  await using phone = await newPhone(server);
  const downloading = download({ source, consent, confirmationCode: async () => undefined }, phone.env);
  await assert.rejects(downloading, refusedAt('getBoundProfilePackage', '8.10.1/3.9'));
  assert.equal(await stateOf(server, iccid), 'AVAILABLE');
  assert.deepEqual(await es2('cancelOrder', cancelling, 'cancelled'), {});
  assert.deepEqual(await es2('downloadOrder', { iccid }), { iccid });
});

test('REST and ES2+ are two ways to one order', async () => {
  const iccid = await stock('both');
  const { data } = await server.api.orderEUICCProfile(iccid, { release: false });
  assert.equal(await es2('downloadOrder', { iccid }), '8.2.1/3.3');
  assert.deepEqual(await es2('releaseProfile', { iccid }), {});
  assert.equal(await stateOf(server, iccid), 'RELEASED');
  const matchingId = data.matching_id;
  const cancelling = { iccid, matchingId, finalProfileStatusIndicator: 'Unavailable' };
  assert.deepEqual(await es2('cancelOrder', cancelling), {});
  assert.equal(await stateOf(server, iccid), 'UNAVAILABLE');
});

test('a call that got no answer before the server was stopped is answered after it', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'esim-es2-'));
  const order = { profileType: 'kept' };
  const first = await startOpen({ ESIM_DATA_DIR: dataDir });
  for (const _ of [1, 2]) await stock('kept', first);
  const ordered = await es2('downloadOrder', order, 'kept-1', first);
  const confirmation = { ...ordered, releaseFlag: true };
  const confirmed = await es2('confirmOrder', confirmation, 'kept-2', first);
  await first[Symbol.asyncDispose]();

  const second = await startServer({ ESIM_DATA_DIR: dataDir });
  assert.deepEqual(await es2('downloadOrder', order, 'kept-1', second), ordered);
  const { smdpAddress } = second;
  assert.deepEqual(await es2('confirmOrder', confirmation, 'kept-2', second), { ...confirmed, smdpAddress });
  assert.notDeepEqual(await es2('downloadOrder', order, 'kept-3', second), ordered);
  await second[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

test('an operator cancels an order that REST has confirmed, under the MatchingID that REST shows', async () => {
  const iccid = await stock('confirmed elsewhere');
  const { data: order } = await server.api.orderEUICCProfile(iccid, { release: false });
  assert.deepEqual([order.state, order.activation_code], ['CONFIRMED', '']);
  const { matching_id: matchingId } = (await server.api.getEUICCProfile(iccid)).data;
  assert.match(matchingId ?? '', /^[0-9A-Z-]+$/);
  const cancel = (members: object) =>
    es2('cancelOrder', { iccid, finalProfileStatusIndicator: 'Available', ...members });
  assert.equal(await cancel({}), '8.2.6/2.2');
  assert.equal(await cancel({ matchingId: 'ANOTHER' }), '8.2.6/3.10');
  assert.deepEqual(await cancel({ matchingId }), {});
  assert.equal(await stateOf(server, iccid), 'AVAILABLE');
});
