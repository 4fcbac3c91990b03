import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBase64 } from '@esim-rsp/codec';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import { otaKeyNames } from '@esim-rsp/sgp22/profile/parameter-fields';
import { addApiKey } from '../../accounts/accounts.ts';
import type { Permission } from '../../store/ports/permissions.ts';
import { parametersIn } from '../stock/profile-parameters.ts';
import { LIST, problemIn, type RestTest, restTest, START, stocked, subscription } from './rest.harness.ts';

const ALL = ['pin', 'puk', 'adm1', 'ota_keys'];
const codes = { pin1: '1234', pin2: '5678', puk1: '12345678', puk2: '87654321', adm1: '0123456789abcdef' };
const otaKeys = Object.fromEntries(
  otaKeyNames.slice(0, 6).map((name, i) => [name, String(i).repeat(i < 3 ? 32 : 64)]),
);
const keysets = [
  { keyset: 1, kic: otaKeys.kic1, kid: otaKeys.kid1, kik: otaKeys.kik1 },
  { keyset: 2, kic: otaKeys.kic2, kid: otaKeys.kid2, kik: otaKeys.kik2 },
];

const read = async (api: RestTest, iccid: string, kinds: string[], more = {}) =>
  api.post(`${LIST}/${iccid}/secrets`, { kinds }, more);

async function keyWith({ store, env }: RestTest, ...permissions: Permission[]) {
  const apiKey = permissions.join('-');
  const { random } = env();
  await addApiKey(store, { userId: 'anna', apiKey, permissions, random, now: START * 1000 });
  return { headers: { 'x-user-id': 'anna', 'x-api-key': apiKey }, by: null } as const;
}

test('codes and OTA keys that were imported are read as they were sent: from parameters and from packages', async () => {
  await using api = await restTest();
  const sent = { ...subscription(), ...codes, ...otaKeys };
  const upp = { ...subscription(), ...codes, ...otaKeys };
  const built = buildProfilePackage(completeParameters(parametersIn(upp), api.env().random));
  const profile_package = toBase64(built);
  const session = { ...subscription(), ...codes, ...otaKeys };
  const third = toBase64(buildProfilePackage(completeParameters(parametersIn(session), api.env().random)));
  const bodies = [
    { parameters: sent },
    { profile_package },
    { profile_package: third, protection: 'session_keys' },
  ];
  for (const body of bodies) {
    const created = await api.post(LIST, body);
    assert.equal(created.statusCode, 201, created.body);
    const { iccid } = created.json();
    assert.deepEqual((await read(api, iccid, ALL)).json(), { iccid, ...codes, ota_keys: keysets });
  }
});

test('codes and OTA keys that the server generated can be read, and a generated subscription reports them', async () => {
  await using api = await restTest();
  const iccid = await stocked(api);
  const generated = (await read(api, iccid, ALL)).json();
  assert.match(generated.puk1, /^\d{8}$/);
  assert.deepEqual(
    generated.ota_keys.map(({ keyset }: { keyset: number }) => keyset),
    [1],
  );
  const starts = { count: 1, iccid_start: '898830599999900000', imsi_start: '001019999900000' };
  const [made] = (await api.post(`${LIST}/generate`, starts)).json().subscriptions;
  const { kic1, kid1, kik1, adm1, puk1 } = made;
  const shown = (await read(api, made.iccid, ALL)).json();
  assert.deepEqual(
    [shown.adm1, shown.puk1, shown.ota_keys],
    [adm1, puk1, [{ keyset: 1, kic: kic1, kid: kid1, kik: kik1 }]],
  );
});

test('an answer has the secrets that were asked for and no other', async () => {
  await using api = await restTest();
  const iccid = await stocked(api);
  assert.deepEqual(Object.keys((await read(api, iccid, ['pin'])).json()), ['iccid', 'pin1', 'pin2']);
  assert.deepEqual(Object.keys((await read(api, iccid, ['adm1'])).json()), ['iccid', 'adm1']);
});

test('support reads PIN and PUK, and only admin reads ADM1 and OTA keys', async () => {
  await using api = await restTest();
  const iccid = await stocked(api);
  const support = await keyWith(api, 'support');
  assert.equal((await read(api, iccid, ['pin', 'puk'], support)).statusCode, 200);
  for (const kinds of [['adm1'], ['ota_keys'], ['pin', 'adm1']])
    problemIn(await read(api, iccid, kinds, support), 403, 'forbidden');
  assert.equal((await read(api, iccid, ALL, await keyWith(api, 'admin'))).statusCode, 200);
  problemIn(await read(api, iccid, ['pin'], await keyWith(api, 'read', 'codes', 'order')), 403, 'forbidden');
  problemIn(await read(api, iccid, ['pin'], { by: 'bert' }), 404, 'profile_not_found');
});

test('reading secrets is in the audit log with the kinds, refused or not, and no secret is', async () => {
  await using api = await restTest();
  const iccid = await stocked(api);
  const { puk1 } = (await read(api, iccid, ['puk', 'adm1'])).json();
  await read(api, iccid, ['adm1'], await keyWith(api, 'support'));
  const entries = (
    await api.store.auditEntries({
      account: 'anna',
      operation: 'readEUICCProfileSecrets',
      count: 9,
    })
  ).items;
  assert.deepEqual(
    entries.map(({ status, targets }) => [status, targets]),
    [
      [403, [iccid, 'adm1']],
      [200, [iccid, 'puk', 'adm1']],
    ],
  );
  assert.ok(!JSON.stringify(entries).includes(puk1));
});

test('a keyset that is not whole is refused, and the key that is missing is named', async () => {
  await using api = await restTest();
  const answer = await api.post(LIST, { parameters: { ...subscription(), kic2: '0'.repeat(32) } });
  const { errors } = problemIn(answer, 400, 'invalid_value');
  assert.equal(errors?.[0]?.field, 'kid2');
});

test('OTA keys are imported as columns of CSV', async () => {
  await using api = await restTest();
  const { iccid, imsi, ki, opc } = subscription();
  const names = ['KIC1', 'KID1', 'KIK1', 'kic2', 'kid2', 'kik2'];
  const payload = [
    ['iccid', 'imsi', 'ki', 'opc', ...names].join(','),
    [iccid, imsi, ki, opc, ...Object.values(otaKeys)].join(','),
  ].join('\n');
  await api.call(`${LIST}/import`, { method: 'POST', payload, headers: { 'content-type': 'text/csv' } });
  assert.deepEqual((await read(api, iccid, ['ota_keys'])).json().ota_keys, keysets);
});
