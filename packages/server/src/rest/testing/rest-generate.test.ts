import assert from 'node:assert/strict';
import { test } from 'node:test';
import { luhnDigit } from '@esim-rsp/sgp22/value/iccid';
import { LIST, problemIn, restTest } from './rest.harness.ts';

const GENERATE = `${LIST}/generate`;
const input = {
  count: 3,
  iccid_start: '890010177700000000',
  imsi_start: '001017770000000',
  msisdn_start: '+491510000000',
  profile_type: 'basic',
  service_provider_name: 'Example Mobile',
};

test('profiles are made from ranges, and their keys are reported once', async () => {
  await using api = await restTest();
  const answer = await api.post(GENERATE, input);
  assert.equal(answer.statusCode, 201, answer.body);
  const { subscriptions } = answer.json();
  assert.deepEqual(
    subscriptions.map(({ imsi, msisdn }: { imsi: string; msisdn: string }) => [imsi, msisdn]),
    [0, 1, 2].map((i) => [`00101777000000${i}`, `+49151000000${i}`]),
  );
  for (const { iccid, ki, opc, adm1, msisdn } of subscriptions) {
    assert.equal(iccid.at(-1), luhnDigit(iccid.slice(0, -1)));
    assert.match(`${ki} ${opc} ${adm1}`, /^[0-9a-f]{32} [0-9a-f]{32} [0-9a-f]{16}$/);
    const shown = (await api.call(`${LIST}/${iccid}`)).json();
    assert.deepEqual(
      [shown.state, shown.profile_type, shown.profile_name],
      ['AVAILABLE', 'basic', 'Example Mobile'],
    );
    assert.equal(shown.msisdn, msisdn);
    assert.ok(!JSON.stringify(shown).includes(ki));
  }
  const ordered = await api.post(`${LIST}/order`, { profile_type: 'basic' });
  assert.equal(ordered.json().iccid, subscriptions[0].iccid);
});

test('where one ICCID is taken, or a range is too short, nothing is made', async () => {
  await using api = await restTest();
  const one = { ...input, count: 1, iccid_start: '890010177700000002' };
  assert.equal((await api.post(GENERATE, one)).statusCode, 201);
  problemIn(await api.post(GENERATE, input), 409, 'profile_not_available');
  const short = problemIn(await api.post(GENERATE, { ...input, imsi_start: '999998' }), 400, 'invalid_value');
  assert.match(short.message, /imsi_start has not room for 3 numbers in 6 digits/);
  assert.equal((await api.call(LIST)).json().total, 1);
});
