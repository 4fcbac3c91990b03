import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { addApiKey } from '../../accounts/accounts.ts';
import { fieldsOf } from '../stock/import/csv-fields.ts';
import {
  KEYS,
  LIST,
  ordered,
  problemIn,
  type RestTest,
  restTest,
  START,
  subscription,
} from '../testing/rest.harness.ts';
import { exportColumns } from './export-columns.ts';

const EXPORT = `${LIST}/export`;

async function create(api: RestTest, more: object = {}, labels: object = {}): Promise<string> {
  const answer = await api.post(LIST, { parameters: { ...subscription(), ...more }, ...labels });
  assert.equal(answer.statusCode, 201, answer.body);
  return answer.json().iccid;
}

/** The rows of a CSV file, with the names of its columns. */
async function tableOf(api: RestTest, query: string) {
  const answer = await api.call(`${EXPORT}?${query}`);
  assert.equal(answer.statusCode, 200, answer.body);
  assert.match(String(answer.headers['content-type']), /^text\/csv; charset=utf-8/);
  const [names = '', ...rows] = answer.body
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split('\r\n');
  return {
    names: names.split(','),
    rows: rows.map((row) => fieldsOf(row, ',') ?? assert.fail(row)),
    text: answer.body,
  };
}

const linesOf = async (api: RestTest, query = '') =>
  (await api.call(`${EXPORT}?${query}`)).body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

test('an export has no keys, and activation codes only when they are named', async () => {
  await using api = await restTest();
  const { iccid, activation_code, matching_id } = await ordered(api);
  assert.ok(activation_code.startsWith('LPA:1$'));
  for (const format of ['ndjson', 'csv', 'plain_csv']) {
    const usual = (await api.call(`${EXPORT}?format=${format}`)).body;
    assert.ok(usual.includes(iccid));
    for (const secret of [activation_code, matching_id, 'ki', 'opc', subscription().ki])
      assert.ok(!usual.includes(secret), `${secret} in ${usual}`);
    const query = `format=${format}&columns=iccid,activation_code,matching_id`;
    assert.ok((await api.call(`${EXPORT}?${query}`)).body.includes(activation_code));
  }
  assert.deepEqual(await linesOf(api, 'columns=matching_id,iccid'), [{ matching_id, iccid }]);
});

test('activation codes need the permission codes', async () => {
  await using api = await restTest();
  await ordered(api);
  const apiKey = 'a-key-without-codes';
  await addApiKey(api.store, {
    userId: 'anna',
    apiKey,
    permissions: ['read'],
    random: systemRandom,
    now: START * 1000,
  });
  const headers = { 'x-api-key': apiKey };
  assert.equal((await api.call(EXPORT, { headers })).statusCode, 200);
  for (const name of ['activation_code', 'matching_id'])
    problemIn(await api.call(`${EXPORT}?columns=iccid,${name}`, { headers }), 403, 'forbidden');
});

test('columns are chosen, in their order, and an unknown name is refused with the nearest', async () => {
  await using api = await restTest();
  const iccid = await create(api, { msisdn: '+4915112345678' }, { profile_name: 'Travel' });
  const { names, rows } = await tableOf(api, 'format=csv&columns=profile_name,msisdn,iccid,msisdn');
  assert.deepEqual(names, ['profile_name', 'msisdn', 'iccid']);
  assert.deepEqual(rows, [['Travel', '+4915112345678', iccid]]);
  const all = await tableOf(api, `format=plain_csv&columns=${exportColumns.join(',')}`);
  assert.deepEqual(all.names, [...exportColumns]);
  assert.match(
    problemIn(await api.call(`${EXPORT}?columns=iccid,msisdm`), 400, 'validation_failed').message,
    /nearest is msisdn/,
  );
});

test('a spreadsheet gets text that it keeps; a program gets it as it is', async () => {
  await using api = await restTest();
  const iccid = await create(
    api,
    { msisdn: '015112345678' },
    { profile_name: '=cmd', service_provider_name: 'Zürich, "10;20"', profile_type: '3-4' },
  );
  const query = 'columns=iccid,imsi,msisdn,profile_name,service_provider_name,profile_type';
  const { text, rows } = await tableOf(api, `format=csv&${query}`);
  const { imsi } = (await api.call(`${LIST}/${iccid}`)).json();
  assert.equal(
    text.split('\r\n')[1],
    `"=""${iccid}""","=""${imsi}""","=""015112345678""",'=cmd,"Zürich, ""10;20""","=""3-4"""`,
  );
  assert.ok(text.startsWith('\ufeff'));
  assert.deepEqual(rows[0], [iccid, imsi, '015112345678', '=cmd', 'Zürich, "10;20"', '3-4']);
  const plain = (await api.call(`${EXPORT}?format=plain_csv&${query}`)).body;
  assert.equal(plain.split('\r\n')[1], `${iccid},${imsi},015112345678,=cmd,"Zürich, ""10;20""",3-4`);
});

test('filters and a time range choose profiles, and pages are no limit', async () => {
  await using api = await restTest();
  const early = await create(api, {}, { profile_type: 'basic' });
  api.now = START + 1000;
  const late: string[] = [];
  for (let i = 0; i < 5; i++) late.push(await create(api, { msisdn: `+49151000${i}` }));
  const timeOf = (seconds: number) => new Date((START + seconds) * 1000).toISOString();
  const iccidsOf = async (query: string) => (await linesOf(api, query)).map(({ iccid }) => iccid);
  assert.deepEqual(await iccidsOf(''), [early, ...late]);
  assert.deepEqual(await iccidsOf('sort=-iccid'), [early, ...late].toReversed());
  assert.deepEqual(await iccidsOf(`changed_until=${timeOf(1000)}`), [early]);
  assert.deepEqual(await iccidsOf(`changed_since=${timeOf(1000)}&changed_until=${timeOf(1001)}`), late);
  assert.deepEqual(await iccidsOf('profile_type=basic'), [early]);
  assert.deepEqual(await iccidsOf('msisdn=0049%20151-0003'), [late[3]]);
  assert.deepEqual(await iccidsOf('state=RELEASED'), []);
});

test('an export reads a page when the one before was taken, and has each profile once', async () => {
  await using api = await restTest();
  const profile = await api.store.profile(parseIccid(await create(api)));
  assert.ok(profile);
  const profiles = Array.from({ length: 2600 }, (_, i) => ({
    ...profile,
    version: 0,
    iccid: parseIccid(`89999${String(i).padStart(14, '0')}`),
  }));
  assert.equal(await api.store.save(profiles.map((one) => ({ profile: one }))), 'saved');
  const { searchProfiles } = api.store;
  let pages = 0;
  Object.assign(api.store, {
    searchProfiles: (filter: Parameters<typeof searchProfiles>[0]) => {
      pages += 1;
      return searchProfiles(filter);
    },
  });
  const address = await api.app.listen({ port: 0 });
  const headers = { 'x-user-id': 'anna', 'x-api-key': KEYS.anna };
  const answer = await fetch(`${address}${EXPORT}`, { headers });
  const reader = answer.body?.getReader() ?? assert.fail();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const early = pages;
  const texts: string[] = [];
  const rest = await fetch(`${address}${EXPORT}?columns=iccid`, { headers });
  for await (const part of rest.body ?? assert.fail()) texts.push(Buffer.from(part).toString());
  const iccids = texts
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).iccid);
  assert.equal(iccids.length, 2601);
  assert.equal(new Set(iccids).size, 2601);
  assert.ok(early <= 6, `${early} pages`);
  await reader.cancel();
});

test('HEAD of an export reads no profile', async () => {
  await using api = await restTest();
  await create(api);
  const { searchProfiles: _, ...store } = api.store;
  Object.assign(api.store, { searchProfiles: () => assert.fail('it reads profiles') });
  const answer = await api.call(`${EXPORT}?format=csv`, { method: 'HEAD' });
  assert.deepEqual([answer.statusCode, answer.body], [200, '']);
  assert.ok(store);
});

test('an export ends when its key is revoked: the connection breaks', async () => {
  await using api = await restTest();
  await create(api);
  const [key] = (await api.store.apiKeys('anna')).filter(({ permissions }) => permissions.includes('admin'));
  assert.ok(key);
  const { searchProfiles } = api.store;
  Object.assign(api.store, {
    searchProfiles: async (filter: Parameters<typeof searchProfiles>[0]) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      const page = await searchProfiles({ ...filter, count: 1 });
      return { ...page, next: { iccid: '' } }; // it has no end
    },
  });
  const address = await api.app.listen({ port: 0 });
  const answer = await fetch(`${address}${EXPORT}`, {
    headers: { 'x-user-id': 'anna', 'x-api-key': KEYS.anna },
  });
  assert.equal(answer.status, 200);
  await api.store.expireApiKey('anna', key.id, Math.floor(Date.now() / 1000));
  await assert.rejects(answer.text());
});
