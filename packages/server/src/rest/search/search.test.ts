import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Released } from '@esim-rsp/smdp/state/profile';
import {
  changed,
  IDLE_KEY,
  LIST,
  ordered,
  problemIn,
  READ_KEY,
  type RestTest,
  restTest,
  stocked,
  subscription,
  type User,
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

/** A profile of an upstream, whose order there has a MatchingID of the vendor. */
async function orderedThere(api: RestTest, matchingId: string, by: User = 'anna'): Promise<string> {
  const { iccid } = await ordered(api, {}, by);
  await changed<Released>(api, iccid, (profile) => ({
    ...profile,
    upstream: 'vendor',
    order: { ...profile.order, matchingId: matchingId as MatchingId, smdpAddress: 'rsp.vendor.example.com' },
  }));
  return iccid;
}

test('a MatchingID of an upstream is found byte for byte, and its activation code too', async () => {
  await using api = await restTest();
  for (const id of ['aZ-9/=+.', 'x', '42', 'Überall im Netz']) {
    const iccid = await orderedThere(api, id);
    for (const text of [id, ` ${id} `, `LPA:1$rsp.vendor.example.com$${id}`, `1$any$${id}$1.2.3$1`])
      assert.deepEqual(await found(api, text), [['matching_id', iccid]], text);
    assert.deepEqual(await found(api, id, { by: 'bert' }), []);
  }
  for (const text of ['AZ-9/=+.', 'az-9/=+.', 'aZ-9/=+', 'LPA:2$any$aZ-9/=+.', 'any$aZ-9/=+.', '042', '4 2'])
    assert.deepEqual(await found(api, text), [], text);
});

test('a MatchingID that we and vendors have chosen finds all of them, ours first, without a code', async () => {
  await using api = await restTest();
  const theirs = await orderedThere(api, 'SAME-ID');
  await orderedThere(api, 'SAME-ID', 'bert');
  const { iccid } = await ordered(api, { matching_id: 'SAME-ID' });
  assert.deepEqual(await found(api, 'SAME-ID'), [
    ['matching_id', iccid],
    ['matching_id', theirs],
  ]);
  assert.deepEqual(await found(api, 'same-id'), [['matching_id', iccid]], 'vendors may tell them apart');
  const answer = await api.call('/api/v1/esim/search?q=SAME-ID');
  assert.ok(!answer.body.includes('SAME-ID'), answer.body);
  problemIn(await api.call('/api/v1/esim/search?q=SAME-ID', { headers: { 'x-api-key': IDLE_KEY } }), 403);
});

test('a search is bounded: it says that there is more', async () => {
  await using api = await restTest();
  for (let n = 0; n < 12; n++) await stocked(api);
  const { results, more } = (await api.call('/api/v1/esim/search?q=8988')).json();
  assert.deepEqual([results.length, more], [10, true]);
  for (let n = 0; n < 11; n++) await orderedThere(api, 'all-the-same');
  const same = (await api.call('/api/v1/esim/search?q=all-the-same')).json();
  assert.deepEqual([same.results.length, same.more], [10, true]);
  problemIn(await api.call(`/api/v1/esim/search?q=${'1'.repeat(301)}`), 400, 'validation_failed');
  problemIn(await api.call('/api/v1/esim/search?q=a%00b'), 400, 'validation_failed');
  problemIn(await api.call('/api/v1/esim/search'), 400, 'validation_failed');
});
