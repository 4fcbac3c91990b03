import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  LIST,
  ordered,
  problemIn,
  READ_KEY,
  type RestTest,
  restTest,
  stocked,
  subscription,
} from '../testing/rest.harness.ts';

async function found(api: RestTest, q: string, call: object = {}): Promise<[by: string, iccid: string][]> {
  const answer = await api.call(`/api/v1/esim/search?q=${encodeURIComponent(q)}`, call);
  assert.equal(answer.statusCode, 200, answer.body);
  return answer
    .json()
    .results.map(({ found_by, profile }: { found_by: string; profile: { iccid: string } }) => [
      found_by,
      profile.iccid,
    ]);
}

test('a profile is found by each of its numbers, as people write them', async () => {
  await using api = await restTest();
  const parameters = { ...subscription(), msisdn: '+4915123456789' };
  const { iccid } = (await api.post(LIST, { parameters })).json();
  const eid = '89049032000000000000000000000163';
  const order = (await api.post(`${LIST}/${iccid}/order`, { eid, matching_id: 'ABCDE-12345-FGHIJ' })).json();
  await stocked(api, 'bert');
  for (const [text, by] of [
    [iccid, 'iccid'],
    [iccid.slice(0, 18), 'iccid'],
    [`${iccid.slice(0, 4)} ${iccid.slice(4, 8)} ${iccid.slice(8)}`, 'iccid'],
    [parameters.imsi, 'imsi'],
    [parameters.imsi.slice(0, 13), 'imsi'],
    ['+49 (151) 234-567 89', 'msisdn'],
    ['0049 151 23456789', 'msisdn'],
    [eid, 'eid'],
    [eid.replace(/(.{4})/g, '$1 '), 'eid'],
    ['abcde-12345-fghij', 'matching_id'],
    [order.activation_code, 'matching_id'],
    [order.activation_code.replace('LPA:', ''), 'matching_id'],
  ])
    assert.deepEqual(await found(api, text), [[by, iccid]], text);
  for (const text of [
    '8',
    '123',
    'no such code',
    'LPA:1$',
    '$',
    'NOBODY-HAS-THIS',
    '9'.repeat(32),
    '9'.repeat(60),
  ])
    assert.deepEqual(await found(api, text), [], text);
});

test('no answer has an activation code, and nobody finds a profile of another account', async () => {
  await using api = await restTest();
  const { iccid, activation_code, matching_id } = await ordered(api);
  for (const q of [iccid, activation_code, matching_id]) {
    const answer = await api.call(`/api/v1/esim/search?q=${encodeURIComponent(q)}`);
    const [one] = answer.json().results;
    assert.deepEqual(
      [one.profile.iccid, one.profile.activation_code, one.profile.codes_hidden],
      [iccid, '', true],
    );
    assert.ok(!answer.body.includes(matching_id));
    assert.deepEqual(await found(api, q, { by: 'bert' }), []);
  }
  assert.equal((await found(api, iccid, { headers: { 'x-api-key': READ_KEY } })).length, 1);
});

test('a search is bounded: it says that there is more', async () => {
  await using api = await restTest();
  for (let n = 0; n < 12; n++) await stocked(api);
  const { results, more } = (await api.call('/api/v1/esim/search?q=8988')).json();
  assert.deepEqual([results.length, more], [10, true]);
  problemIn(await api.call(`/api/v1/esim/search?q=${'1'.repeat(301)}`), 400, 'validation_failed');
  problemIn(await api.call('/api/v1/esim/search?q=a%00b'), 400, 'validation_failed');
  problemIn(await api.call('/api/v1/esim/search'), 400, 'validation_failed');
});
