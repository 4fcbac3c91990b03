import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEYS, LIST, ordered, problemIn, type RestTest, restTest, stocked } from '../testing/rest.harness.ts';

/** What calls by a session need that somebody has started with a key that may do everything. */
async function session(api: RestTest) {
  const answer = await api.post(
    '/api/v1/esim/session',
    { account_id: 'anna', api_key: KEYS.anna },
    { by: null },
  );
  assert.equal(answer.statusCode, 201, answer.body);
  const [cookie = ''] = String(answer.headers['set-cookie']).split(';');
  return { by: null, headers: { cookie, 'sec-fetch-site': 'same-origin' } } as const;
}

test('a session reads an activation code by the audited call only: no list, view, order, export or search has it', async () => {
  await using api = await restTest();
  const { iccid, matching_id: matchingId } = await ordered(api);
  const stock = await stocked(api);
  const who = await session(api);
  const own = `${LIST}/${iccid}`;
  const answers = [
    await api.call(LIST, who),
    await api.call(`${LIST}?cursor=&state=RELEASED`, who),
    await api.call(own, who),
    await api.call(`/api/v1/esim/search?q=${iccid}`, who),
    await api.call(`${LIST}/export?format=csv`, who),
    await api.call(`${own}/history`, who),
    await api.call('/api/v1/esim/events', who),
    await api.post(`${LIST}/${stock}/order`, { matching_id: 'NEW-CODE-1' }, who),
    await api.call(own, { ...who, method: 'PATCH', payload: { download_attempts: 3 } }),
  ];
  for (const { statusCode, body } of answers) {
    assert.ok(statusCode < 300, body);
    assert.ok(!body.includes(matchingId) && !body.includes('LPA:1$') && !body.includes('NEW-CODE-1'), body);
  }
  problemIn(await api.call(`${own}/qrcode`, who), 403, 'forbidden');
  problemIn(await api.call(`${LIST}/export?columns=iccid,activation_code`, who), 403, 'forbidden');
  const one = await api.post(`${own}/activation-code`, undefined, who);
  assert.match(one.json().activation_code, new RegExp(`\\$${matchingId}$`));
  const [entry] = (await api.store.auditEntries({ account: 'anna', count: 1 })).items;
  assert.deepEqual([entry?.operation, entry?.targets], ['readActivationCode', [iccid]]);
  assert.equal(
    (await api.call(own)).json().matching_id,
    matchingId,
    'a program with the key gets it as before',
  );
});

test('a session sees that a profile is found by its EID, without a code', async () => {
  await using api = await restTest();
  const { iccid } = await ordered(api, { matching_id: '', eid: '89049032123451234512345678901235' });
  const seen = (await api.call(`${LIST}/${iccid}`, await session(api))).json();
  assert.deepEqual([seen.matching_id, seen.activation_code, seen.codes_hidden], ['', '', true]);
});
