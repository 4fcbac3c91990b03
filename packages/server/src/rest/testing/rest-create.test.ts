import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fromHex, toBase64 } from '@esim-rsp/codec';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { LIST, problemIn, restTest, START, subscription } from './rest.harness.ts';

const api = await restTest();
after(() => api[Symbol.asyncDispose]());

/** A finished package in base64, and who it is. */
function finished(iccid = subscription().iccid) {
  const { imsi, ki, opc } = subscription();
  const given = { iccid: parseIccid(iccid), imsi, ki: fromHex(ki), opc: fromHex(opc) };
  const bytes = buildProfilePackage(
    completeParameters(
      { ...given, serviceProviderName: 'From EF.SPN', profileName: 'From header' },
      systemRandom,
    ),
  );
  return { iccid, imsi, bytes, profile_package: toBase64(bytes) };
}

test('a profile is stocked from its parameters: 201, where it is, and AVAILABLE', async () => {
  const parameters = subscription();
  const answer = await api.post(LIST, { parameters });
  assert.equal(answer.statusCode, 201);
  assert.equal(answer.headers.location, `${LIST}/${parameters.iccid}`);
  const { iccid, imsi, state, activation_code, last_operation_date } = answer.json();
  assert.deepEqual(
    [iccid, imsi, state, activation_code],
    [parameters.iccid, parameters.imsi, 'AVAILABLE', ''],
  );
  assert.equal(last_operation_date, START);
  assert.deepEqual((await api.call(`${LIST}/${iccid}`)).json(), answer.json());
  for (const secret of [parameters.ki, parameters.opc]) assert.ok(!answer.body.includes(secret));
});

test('every parameter and every label is taken', async () => {
  const parameters = {
    ...subscription(),
    ki: 'ab'.repeat(32),
    opc: 'cd'.repeat(32),
    algorithm: 'tuak',
    pin1: '1234',
    pin2: '87654321',
    puk1: '11223344',
    puk2: '55667788',
    adm1: 'ABcdef!8',
    service_provider_name: 'Sixteen letters.',
    mnc_length: 3,
    msisdn: '+491701234567',
    smsc: '+491710760000',
  };
  const labels = {
    service_provider_name: 'P'.repeat(32),
    profile_name: 'N'.repeat(64),
    profile_class: 'test',
    profile_type: 'T'.repeat(128),
  };
  const answer = await api.post(LIST, { parameters, ...labels });
  assert.equal(answer.statusCode, 201, answer.body);
  for (const [name, value] of Object.entries(labels)) assert.equal(answer.json()[name], value, name);
  const hexAdm = await api.post(LIST, { parameters: { ...subscription(), adm1: '0123456789abcdef' } });
  assert.equal(hexAdm.statusCode, 201);
  const names = await api.post(LIST, { parameters: { ...subscription(), service_provider_name: 'Example' } });
  const { service_provider_name, profile_name, profile_class } = names.json();
  assert.deepEqual(
    [service_provider_name, profile_name, profile_class],
    ['Example', 'Example', 'operational'],
  );
});

test('a finished package is stocked as who it says it is', async () => {
  const { iccid, imsi, profile_package } = finished();
  const answer = await api.post(LIST, { profile_package });
  assert.equal(answer.statusCode, 201, answer.body);
  const { service_provider_name, profile_name, ...profile } = answer.json();
  assert.deepEqual([profile.iccid, profile.imsi, profile.state], [iccid, imsi, 'AVAILABLE']);
  assert.deepEqual([service_provider_name, profile_name], ['From EF.SPN', 'From header']);
});

test('the package of an ICCID that the API has no name for is refused', async () => {
  const { iccid, bytes } = finished('8988303999999999999');
  const packed = Buffer.from(bytes).toString('hex');
  const short = packed.replaceAll(`${iccid}f`, `${iccid.slice(0, 18)}ff`);
  const swapped = (digits: string) => digits.replace(/(.)(.)/g, '$2$1');
  const both = short.replaceAll(swapped(`${iccid}f`), swapped(`${iccid.slice(0, 18)}ff`));
  const profile_package = Buffer.from(both, 'hex').toString('base64');
  problemIn(await api.post(LIST, { profile_package }), 400);
});

test('an ICCID that exists already is 409, in whichever account', async () => {
  const parameters = subscription();
  assert.equal((await api.post(LIST, { parameters })).statusCode, 201);
  problemIn(await api.post(LIST, { parameters }), 409, 'profile_not_available');
  problemIn(await api.post(LIST, { parameters }, { by: 'bert' }), 409, 'profile_not_available');
  problemIn(await api.post(LIST, finishedBody(parameters.iccid)), 409, 'profile_not_available');
});

const finishedBody = (iccid: string) => ({ profile_package: finished(iccid).profile_package });

test('neither package nor parameters, or both, is 400', async () => {
  const { profile_package } = finished();
  const { message } = problemIn(await api.post(LIST, {}), 400, 'validation_failed');
  assert.match(message, /either profile_package or parameters/);
  problemIn(await api.post(LIST, { profile_name: 'x' }), 400, 'validation_failed');
  const both = await api.post(LIST, { profile_package, parameters: subscription() });
  problemIn(both, 400, 'validation_failed');
});

for (const profile_package of ['', 'AAA', 'AAAA', '!!!!', 'a b c d', '-_-_', 'oAA=', 'MIIB'.repeat(1000)])
  test(`${JSON.stringify(profile_package.slice(0, 8))} is no profile package: 400`, async () => {
    problemIn(await api.post(LIST, { profile_package }), 400);
  });

for (const name of ['iccid', 'imsi', 'ki', 'opc'] as const)
  test(`parameters without ${name} are 400, and the member at fault is named`, async () => {
    const { [name]: _, ...parameters } = subscription();
    const { errors, message } = problemIn(await api.post(LIST, { parameters }), 400, 'validation_failed');
    assert.deepEqual(errors, [{ field: `/parameters/${name}`, message: 'is missing' }]);
    assert.match(message, /is missing/);
  });

const wrong: Readonly<Record<string, readonly unknown[]>> = {
  iccid: [
    1,
    null,
    '',
    '8'.repeat(18),
    '8'.repeat(21),
    '8900101000000000o17',
    8900101000000000017n.toString(16),
  ],
  imsi: [1, null, '', '12345', '1'.repeat(16), '00101x'],
  ki: [1, null, '', '00', '0'.repeat(31), '0'.repeat(33), '0'.repeat(64), 'g'.repeat(32), ['0'.repeat(32)]],
  opc: [1, null, '', '0'.repeat(30), '0'.repeat(64), 'z'.repeat(32), {}],
  algorithm: [1, '', 'comp128', 'MILENAGE', null],
  pin1: [1234, '', '123', '123456789', 'abcd'],
  pin2: [true, '12 4'],
  puk1: ['1234567', '123456789', 12345678],
  puk2: ['abcdefgh'],
  adm1: ['', '1234567', '123456789', 'ümlaut88', 12345678],
  service_provider_name: [1, 'x'.repeat(17)],
  mnc_length: ['2', 1, 4, 2.5, null],
  msisdn: ['', '+', '1'.repeat(21), '00 49', 49],
  smsc: ['', '++49', '1'.repeat(21)],
  unknown: ['x'],
  __proto: [{}],
  KI: ['0'.repeat(32)],
};
for (const [name, values] of Object.entries(wrong))
  for (const value of values)
    test(`parameters with ${name} ${JSON.stringify(value)} are 400`, async () => {
      const usual = subscription();
      const answer = await api.post(LIST, { parameters: { ...usual, [name]: value } });
      const { message } = problemIn(answer, 400);
      assert.ok(message.includes(name), message);
      assert.equal(await api.store.profile(parseIccid(usual.iccid)), undefined, 'nothing was stocked');
    });

test('parameters that do not go together are 400', async () => {
  const tuak = { ...subscription(), algorithm: 'tuak' };
  assert.match(problemIn(await api.post(LIST, { parameters: tuak }), 400).message, /^opc has 32 octets$/);
  for (const service_provider_name of ['Привет, мир! Ура', '📱'.repeat(8)]) {
    const parameters = { ...subscription(), service_provider_name };
    const { message, errors } = problemIn(await api.post(LIST, { parameters }), 400, 'invalid_value');
    assert.match(message, /^service_provider_name .*has at most /);
    assert.equal(errors?.[0]?.field, 'service_provider_name');
  }
});

test('names in signs of the GSM extension table and in one other script fit the SIM', async () => {
  for (const service_provider_name of ['Vodafone €', 'Ростелеком', '[Lab] {1}', 'Привет, мир!']) {
    const answer = await api.post(LIST, { parameters: { ...subscription(), service_provider_name } });
    assert.equal(answer.statusCode, 201, answer.body);
    assert.equal(answer.json().service_provider_name, service_provider_name);
  }
});

test('the length of the network code is asked for where the country has both', async () => {
  const parameters = { ...subscription(), imsi: '405030000000001' };
  const { message, errors } = problemIn(await api.post(LIST, { parameters }), 400, 'invalid_value');
  assert.match(
    message,
    /^mnc_length is missing: network codes under the country code 405 have 2 or 3 digits/,
  );
  assert.equal(errors?.[0]?.field, 'mnc_length');
  const answer = await api.post(LIST, { parameters: { ...parameters, mnc_length: 2 } });
  assert.equal(answer.statusCode, 201, answer.body);
});

for (const [name, value] of [
  ['service_provider_name', 'x'.repeat(33)],
  ['profile_name', 'x'.repeat(65)],
  ['profile_name', 5],
  ['profile_class', 'live'],
  ['profile_type', ''],
  ['profile_type', 'x'.repeat(129)],
  ['parameters', 'text'],
  ['parameters', []],
  ['parameters', null],
  ['unknown', 1],
] as const)
  test(`a body with ${name} ${JSON.stringify(value).slice(0, 20)} is 400`, async () => {
    const answer = await api.post(LIST, { parameters: subscription(), [name]: value });
    assert.ok(problemIn(answer, 400, 'validation_failed').message.includes(name));
  });
