import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { LIST, ordered, problemIn, restTest, stocked, subscription } from './rest.harness.ts';

const api = await restTest();
after(() => api[Symbol.asyncDispose]());

const released: string[] = [];
for (let i = 0; i < 4; i++) released.push((await ordered(api)).iccid);
const available: string[] = [];
for (let i = 0; i < 7; i++) available.push(await stocked(api));
const mine = [...released, ...available].toSorted();
const others = [await stocked(api, 'bert'), (await ordered(api, {}, 'bert')).iccid];

async function listed(query = '', by: 'anna' | 'bert' = 'anna') {
  const answer = await api.call(`${LIST}${query}`, { by });
  assert.equal(answer.statusCode, 200, answer.body);
  const { euicc_profiles, next_cursor, ...page } = answer.json();
  return {
    page,
    next_cursor,
    profiles: euicc_profiles,
    iccids: euicc_profiles.map(({ iccid }: { iccid: string }) => iccid),
  };
}

test('the list holds the account’s profiles in full by ICCID, and nobody else’s', async () => {
  const { page, iccids, profiles } = await listed();
  assert.deepEqual(page, { total: 11, count: 100, offset: 0 });
  assert.deepEqual(iccids, mine);
  for (const profile of profiles)
    assert.deepEqual((await api.call(`${LIST}/${profile.iccid}`)).json(), profile);
  assert.deepEqual((await listed('', 'bert')).iccids, others.toSorted());
});

test('a profile stands in the list byte for byte as by itself', async () => {
  const { body } = await api.call(LIST);
  for (const iccid of mine) assert.ok(body.includes((await api.call(`${LIST}/${iccid}`)).body), body);
});

test('pages of every size cover the list once', async () => {
  for (const count of [1, 3, 10, 11, 1000]) {
    const seen: string[] = [];
    for (let offset = 0; offset < mine.length; offset += count) {
      const { page, iccids } = await listed(`?count=${count}&offset=${offset}`);
      assert.deepEqual(page, { total: 11, count, offset });
      seen.push(...iccids);
    }
    assert.deepEqual(seen, mine);
  }
});

test('beyond the end there is nothing, and the total still stands', async () => {
  for (const offset of [11, 10_000]) {
    const { page, iccids } = await listed(`?offset=${offset}`);
    assert.deepEqual([page.total, iccids], [11, []]);
  }
});

test('a state selects, together with the page', async () => {
  const { page, iccids } = await listed('?state=RELEASED&count=3&offset=1');
  assert.deepEqual(page, { total: 4, count: 3, offset: 1 });
  assert.deepEqual(iccids, released.toSorted().slice(1));
  assert.deepEqual((await listed('?state=AVAILABLE')).iccids, available.toSorted());
  assert.deepEqual((await listed('?state=ENABLED')).page.total, 0);
});

const wrong: Readonly<Record<string, RegExp>> = {
  'count=0': />= 1/,
  'count=1001': /<= 1000/,
  'count=-1': />= 1/,
  'count=1.5': /integer/,
  'count=ten': /integer/,
  'count=': /integer/,
  'count=1&count=2': /integer/,
  'offset=-1': />= 0/,
  'offset=10001': /at most 10000: to go further, use cursor/,
  'offset=999000': /at most 10000: to go further, use cursor/,
  'offset=x': /integer/,
  'state=released': /AVAILABLE.*UNAVAILABLE/,
  'state=': /AVAILABLE/,
  'state=RELEASED&state=AVAILABLE': /RELEASED|string/,
};
for (const [query, range] of Object.entries(wrong))
  test(`?${query} is 400 with what is allowed`, async () => {
    const { message, errors } = problemIn(await api.call(`${LIST}?${query}`), 400, 'validation_failed');
    assert.match(message, range);
    assert.equal(errors?.[0]?.field, query.split('=')[0]);
  });

/** All pages, each by the cursor of the one before. */
async function byCursor(query: string): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page = await listed(`?cursor=${cursor}&${query}`);
    assert.deepEqual(Object.keys(page.page), ['count'], 'there is no total');
    found.push(...page.iccids);
    cursor = page.next_cursor;
  }
  return found;
}

test('a cursor leads through the list, with every sort and several states', async () => {
  for (const count of [1, 4, 100]) {
    assert.deepEqual(await byCursor(`count=${count}`), mine);
    assert.deepEqual(await byCursor(`count=${count}&sort=-iccid`), mine.toReversed());
    assert.deepEqual((await byCursor(`count=${count}&sort=last_operation_date`)).toSorted(), mine);
    assert.deepEqual(await byCursor(`count=${count}&state=RELEASED,AVAILABLE`), mine);
    assert.deepEqual(await byCursor(`count=${count}&state=RELEASED`), released.toSorted());
  }
});

test('the counted list has a cursor too, which goes on where it ended', async () => {
  const { next_cursor, iccids } = await listed('?count=4&offset=2');
  const rest = await listed(`?count=100&cursor=${next_cursor}`);
  assert.deepEqual([...iccids, ...rest.iccids], mine.slice(2));
  assert.equal((await listed('?count=11')).next_cursor, undefined);
});

test('profiles are found by IMSI, type, last change, and by how ICCID or IMSI begin', async () => {
  const typed = { parameters: subscription(), profile_type: 'basic' };
  api.now += 1000;
  assert.equal((await api.post(LIST, typed, { by: 'bert' })).statusCode, 201);
  const { iccid, imsi } = typed.parameters;
  for (const query of [
    `imsi=${imsi}`,
    'profile_type=basic',
    `changed_since=${new Date(api.now * 1000).toISOString()}`,
    `text=${iccid}`,
    `text=${imsi}`,
    `text=${imsi}&sort=-iccid&state=AVAILABLE`,
  ])
    assert.deepEqual((await listed(`?${query}`, 'bert')).iccids, [iccid], query);
  assert.deepEqual((await listed(`?text=${imsi}`)).iccids, [], 'and only the own ones');
  assert.deepEqual((await listed(`?text=89`)).iccids, mine);
});

test('a profile is found by the eUICC that it was ordered for', async () => {
  const eid = '89049032123451234512345678901235';
  const { iccid } = (await ordered(api, { eid }, 'bert')) as { iccid: string };
  assert.deepEqual((await listed(`?eid=${eid}`, 'bert')).iccids, [iccid]);
  assert.deepEqual((await listed(`?eid=${eid}`)).iccids, []);
});

test('a cursor of another list, or none at all, is 400; so is an offset beside a filter', async () => {
  const { next_cursor } = await listed('?cursor=&count=1');
  const foreign = Buffer.from('["iccid",0,5]').toString('base64url');
  for (const cursor of [
    `${next_cursor}&sort=last_operation_date`,
    `${next_cursor}&sort=-iccid`,
    'x',
    foreign,
  ])
    assert.match(problemIn(await api.call(`${LIST}?cursor=${cursor}`), 400).message, /is not of this list/);
  for (const query of ['imsi=001010000000001', 'state=RELEASED,ERROR', 'sort=iccid', 'cursor='])
    assert.match(problemIn(await api.call(`${LIST}?offset=1&${query}`), 400).message, /use cursor/);
});

test('a profile of another account is 404, as if it were not there', async () => {
  for (const iccid of others) {
    const hidden = problemIn(await api.call(`${LIST}/${iccid}`), 404, 'profile_not_found');
    const absent = problemIn(await api.call(`${LIST}/8900000000000000000`), 404, 'profile_not_found');
    assert.equal(hidden.message.replace(iccid, ''), absent.message.replace('8900000000000000000', ''));
    assert.equal((await api.call(`${LIST}/${iccid}`, { by: 'bert' })).statusCode, 200);
  }
});

test('a phone number is found however it is written, also that of a package', async () => {
  await using test = await restTest();
  const { iccid, imsi } = subscription();
  const keys = { ki: new Uint8Array(16), opc: new Uint8Array(16) };
  const given = { iccid: parseIccid(iccid), imsi, ...keys, msisdn: '+4915112345678' };
  const upp = buildProfilePackage(completeParameters(given, systemRandom));
  await test.post(LIST, { profile_package: Buffer.from(upp).toString('base64') });
  await test.post(LIST, { parameters: { ...subscription(), msisdn: '015112345678' } });
  const { iccid: built } = (
    await test.post(LIST, { parameters: { ...subscription(), msisdn: '4915112345678' } })
  ).json();
  assert.equal((await test.call(`${LIST}/${iccid}`)).json().msisdn, '+4915112345678');
  const found = async (text: string, more = '') => {
    const { euicc_profiles } = (await test.call(`${LIST}?msisdn=${text}${more}`)).json();
    return euicc_profiles.map((one: { iccid: string }) => one.iccid);
  };
  for (const text of [
    '4915112345678',
    '%2B4915112345678',
    '+4915112345678',
    '00491511234%205678',
    '%2B49%20(151)%2012345-678',
  ])
    assert.deepEqual(await found(text), [iccid, built], text);
  assert.deepEqual(await found('4915112345678', '&sort=-iccid'), [built, iccid]);
  assert.deepEqual(await found('4915112345678', '&state=RELEASED'), []);
  assert.equal((await found('015112345678')).length, 1);
  assert.deepEqual(await found('00'), []);
  for (const text of ['', 'x', '+', '12345678901234567890123456789012345678901234567890'])
    problemIn(await test.call(`${LIST}?msisdn=${text}`), 400, 'validation_failed');
});
