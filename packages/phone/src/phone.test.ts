import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LpaFailure, type Step } from '@esim-rsp/euicc';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { PkiError } from '@esim-rsp/sgp22/pki/files';
import { makeTestPki, testPkiFiles } from '@esim-rsp/sgp22/pki/test-pki';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { createPhone, issueCard, openPhone, PhoneError, phoneNames, prepareFault } from './index.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'esim-phone-'));
after(() => rmSync(dataDir, { recursive: true, force: true }));

const pki = testPkiFiles(
  makeTestPki({
    now: Date.now(),
    random: systemRandom,
    generateKey: generateSigningKey,
    curve: 'P-256',
    hosts: ['localhost'],
  }),
);
const eid = parseEid('89049032001001234500123456789086');
const iccid = parseIccid('8900101000000000019');

async function newPhone(name: string, defaultDpAddress = '') {
  const place = { dataDir, name };
  await createPhone(place, issueCard({ pki, eid, defaultDpAddress }));
  return place;
}

const withCode = (code: string) => (error: unknown) => error instanceof PhoneError && error.code === code;

test('a phone is a file that only its owner can read, and no phone replaces another', async () => {
  const place = await newPhone('first');
  assert.deepEqual(await phoneNames(dataDir), ['first']);
  assert.equal(statSync(join(dataDir, 'phones', 'first.json')).mode & 0o777, 0o600);
  await assert.rejects(createPhone(place, issueCard({ pki, defaultDpAddress: '' })), withCode('exists'));
  await using phone = await openPhone(place);
  assert.equal(phone.card().eid, eid);
  assert.deepEqual([await phone.profiles(), await phone.notifications()], [[], []]);
});

test('one user at a time has a phone, and the lock of a process that is gone does not count', async () => {
  const place = await newPhone('shared');
  const lock = join(dataDir, 'phones', 'shared.json.lock');
  {
    await using _first = await openPhone(place);
    await assert.rejects(openPhone(place), withCode('busy'));
  }
  writeFileSync(lock, '999999999');
  await using phone = await openPhone(place);
  assert.equal(readFileSync(lock, 'utf8'), String(process.pid));
  assert.equal(phone.name, 'shared');
});

test('a phone that is not there, and one whose file is damaged, are reported and leave no lock', async () => {
  await assert.rejects(openPhone({ dataDir, name: 'nobody' }), withCode('unknown'));
  const place = await newPhone('damaged');
  writeFileSync(join(dataDir, 'phones', 'damaged.json'), '{"eid":');
  for (const _ of [1, 2]) await assert.rejects(openPhone(place), withCode('unreadable'));
});

test('what changes the card is in its file when the command is answered', async () => {
  const place = await newPhone('kept');
  const setAddress = Uint8Array.of(0xbf, 0x3f, 0x03, 0x80, 0x01, 0x61); // ES10a.SetDefaultDpAddress "a"
  {
    await using phone = await openPhone(place);
    await phone.es10.transmit(setAddress);
  }
  await using again = await openPhone(place);
  assert.equal(again.card().defaultDpAddress, 'a');
});

test('a download needs a source, and one from a server that is not there fails where it happened', async () => {
  await using lost = await openPhone(await newPhone('no-default'));
  await assert.rejects(async () => lost.download(), withCode('no-source'));
  const steps: Step[] = [];
  const settings = { onStep: (step: Step) => steps.push(step), connectTo: '127.0.0.1:1' };
  await using phone = await openPhone(await newPhone('with-default', 'smdp.example.com'), settings);
  await assert.rejects(phone.download(), (error) => {
    assert.ok(error instanceof LpaFailure);
    assert.match(error.message, /nothing listens at smdp.example.com/);
    return error.step === 'initiateAuthentication';
  });
  assert.ok(steps.every(({ text }) => text !== ''));
});

test('a profile that is not on the card cannot be changed', async () => {
  await using phone = await openPhone(await newPhone('empty'));
  for (const change of ['enable', 'disable', 'delete'] as const)
    await assert.rejects(phone[change](iccid), /there is no such profile/);
});

test('the card can be used by APDUs, and a reset closes its channels', async () => {
  await using phone = await openPhone(await newPhone('apdu'));
  const terminal = phone.terminal();
  assert.equal(await terminal.transmit(Uint8Array.of(0x00, 0x70, 0x00, 0x00, 0x01)), undefined);
  await terminal.connect();
  assert.equal(await terminal.openChannel(Uint8Array.of(0xa0)), undefined);
  const isdR = Buffer.from('a0000005591010ffffffff8900000100', 'hex');
  assert.equal(await terminal.openChannel(isdR), 1);
  await terminal.connect();
  assert.equal(await terminal.closeChannel(1), false);
});

test('a fault of the certificates needs the keys of a CI and an EUM, other faults need no keys', () => {
  assert.throws(() => prepareFault('eum-expired'), withCode('no-issuer'));
  assert.equal(prepareFault('eum-expired', pki).step, 'authenticateClient');
  assert.equal(prepareFault('other-address').step, 'initiateAuthentication');
});

test('a PKI without the keys of an EUM or an eUICC issues no card', () => {
  const empty = new Map([...pki].filter(([name]) => !/EUM/.test(name)));
  assert.throws(() => issueCard({ pki: empty, defaultDpAddress: '' }), PkiError);
  assert.throws(() => issueCard({ pki, curve: 'brainpoolP256r1', defaultDpAddress: '' }), PkiError);
  const [one, other] = [1, 2].map(() => issueCard({ pki, defaultDpAddress: '' }).eid);
  assert.notEqual(one, other);
});
