import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { confirmationCodeHash } from '@esim-rsp/sgp22/value/confirmation-code';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import type { Released } from '@esim-rsp/smdp/state/profile';
import { LIST, ordered, problemIn, restTest, SMDP_ADDRESS, START, stocked } from './rest.harness.ts';

const api = await restTest();
after(() => api[Symbol.asyncDispose]());

const eid = completeEid('890490320000000000000000001234');
const order = (iccid: string, body: unknown, by: 'anna' | 'bert' = 'anna') =>
  api.post(`${LIST}/${iccid}/order`, body, { by });

test('an order without terms releases the profile under a generated MatchingID', async () => {
  const [one, other] = [await ordered(api), await ordered(api)];
  assert.equal(one.state, 'RELEASED');
  assert.match(one.matching_id, /^[0-9A-Z]{5}(-[0-9A-Z]{5}){3}$/);
  assert.notEqual(one.matching_id, other.matching_id);
  assert.equal(one.activation_code, `LPA:1$${SMDP_ADDRESS}$${one.matching_id}`);
  assert.deepEqual([one.release_date, one.last_operation_date], [START, START]);
  assert.deepEqual([one.cc_required, one.reuse_enabled, one.reuse_remaining_count], [false, false, 0]);
  assert.deepEqual(one.profile_reuse_policy, {
    reuse_type: 'NEVER',
    max_count: 0,
    maxReuseCount: 0,
    cooldownPeriod: 0,
  });
  assert.deepEqual((await api.call(`${LIST}/${one.iccid}`)).json(), one);
});

test('every term is kept, and of the confirmation code its hash alone', async () => {
  const confirmation_code = 'C0de of 17 signs!';
  const profile_reuse_policy = {
    reuse_type: 'NEW_EID',
    max_count: 2,
    maxReuseCount: 2,
    cooldownPeriod: 3600,
  };
  const terms = { eid, matching_id: 'A-1-Z', confirmation_code, profile_reuse_policy, release: true };
  const answer = await order(await stocked(api), terms);
  assert.equal(answer.statusCode, 200, answer.body);
  const body = answer.json();
  assert.deepEqual([body.eid, body.matching_id], [eid, 'A-1-Z']);
  assert.equal(body.activation_code, `LPA:1$${SMDP_ADDRESS}$A-1-Z$$1`);
  assert.deepEqual(body.profile_reuse_policy, profile_reuse_policy);
  assert.deepEqual([body.reuse_enabled, body.reuse_remaining_count], [true, 2]);
  assert.deepEqual([body.cc_required, body.cc_retries], [true, 5]);
  assert.ok(!answer.body.includes(confirmation_code));
  const stored = (await api.store.profile(body.iccid)) as Released;
  assert.deepEqual(
    stored.order.confirmationCode?.hash,
    new Uint8Array(confirmationCodeHash(confirmation_code)),
  );
});

test('release: false confirms without releasing', async () => {
  const { state, activation_code, ...rest } = await ordered(api, { release: false });
  assert.deepEqual([state, activation_code, 'release_date' in rest], ['CONFIRMED', '', false]);
  assert.notEqual(rest.matching_id, '');
});

for (const reuse_type of ['NEVER', 'SAME_EID_MID', 'SAME_EID', 'SAME_MID', 'NEW_EID', 'NEW_EID_MID'])
  test(`${reuse_type} is a reuse policy by either name of its count, or by none`, async () => {
    for (const counted of [{ max_count: 4 }, { maxReuseCount: 4 }, { max_count: 4, maxReuseCount: 4 }]) {
      const { profile_reuse_policy } = await ordered(api, {
        profile_reuse_policy: { reuse_type, ...counted },
      });
      const expected = { reuse_type, max_count: 4, maxReuseCount: 4, cooldownPeriod: 0 };
      assert.deepEqual(profile_reuse_policy, expected);
    }
    const { reuse_remaining_count, reuse_enabled } = await ordered(api, {
      profile_reuse_policy: { reuse_type },
    });
    const never = reuse_type === 'NEVER';
    assert.deepEqual([reuse_remaining_count, reuse_enabled], [never ? 0 : 1, !never]);
  });

test('a second order is 409 with the state, and changes nothing', async () => {
  const { iccid } = await ordered(api);
  const before = await api.store.profile(iccid);
  const { message } = problemIn(await order(iccid, { matching_id: 'OTHER' }), 409, 'profile_not_available');
  assert.match(message, /RELEASED/);
  const kept = await ordered(api, { release: false });
  assert.match(problemIn(await order(kept.iccid, {}), 409).message, /CONFIRMED/);
  assert.deepEqual(await api.store.profile(iccid), before);
});

test('of two orders at the same time one is 200 and the other 409', async () => {
  const iccid = await stocked(api);
  const answers = await Promise.all([order(iccid, {}), order(iccid, {})]);
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).toSorted(), [200, 409]);
});

test('a MatchingID that another order has is 409, whoever has it; empty ones are as many as one likes', async () => {
  await ordered(api, { matching_id: 'TAKEN' }, 'bert');
  const iccid = await stocked(api);
  problemIn(await order(iccid, { matching_id: 'TAKEN' }), 409, 'matching_id_in_use');
  assert.equal((await api.call(`${LIST}/${iccid}`)).json().state, 'AVAILABLE');
  for (let i = 0; i < 2; i++) assert.equal((await ordered(api, { eid, matching_id: '' })).matching_id, '');
});

test('an empty MatchingID without an EID is 400', async () => {
  const { message } = problemIn(await order(await stocked(api), { matching_id: '' }), 400, 'eid_required');
  assert.match(message, /EID/);
});

test('somebody else’s profile, or one that is not there, is 404 to order and stays as it is', async () => {
  const iccid = await stocked(api, 'bert');
  problemIn(await order(iccid, {}), 404, 'profile_not_found');
  problemIn(await order('8900000000000000000', {}), 404, 'profile_not_found');
  assert.equal((await order(iccid, {}, 'bert')).statusCode, 200);
});

const wrong: Readonly<Record<string, readonly unknown[]>> = {
  eid: ['', '1'.repeat(31), '1'.repeat(33), 'x'.repeat(32), 1, null],
  matching_id: ['a', 'A B', 'A$B', 'Z'.repeat(81), 5, null],
  confirmation_code: ['', 'x'.repeat(129), 1234, null],
  release: ['true', 1, null],
  expires_at: [1_900_000_000, '1900000000', '2030-01-31', '2030-02-30T00:00:00Z', 'soon', null],
  profile_reuse_policy: [
    'NEVER',
    null,
    {},
    { reuse_type: 'SOMETIMES' },
    { reuse_type: 'NEVER', max_count: -1 },
    { reuse_type: 'NEVER', max_count: 1.5 },
    { reuse_type: 'NEVER', maxReuseCount: '1' },
    { reuse_type: 'NEVER', maxReuseCount: 1_000_001 },
    { reuse_type: 'NEVER', cooldownPeriod: -1 },
    { reuse_type: 'NEVER', cooldownPeriod: 315_360_001 },
    { reuse_type: 'NEVER', unknown: 1 },
  ],
  state: ['RELEASED'],
};
const target = await stocked(api);
for (const [name, values] of Object.entries(wrong))
  for (const value of values)
    test(`an order with ${name} ${JSON.stringify(value).slice(0, 60)} is 400`, async () => {
      const { message } = problemIn(await order(target, { [name]: value }), 400, 'validation_failed');
      assert.ok(message.includes(name), message);
      assert.equal((await api.call(`${LIST}/${target}`)).json().state, 'AVAILABLE');
    });

test('two counts that differ are 400', async () => {
  const profile_reuse_policy = { reuse_type: 'NEW_EID', max_count: 1, maxReuseCount: 2 };
  problemIn(await order(target, { profile_reuse_policy }), 400, 'validation_failed');
});

test('the confirmation code does not come back in the refusal of an order', async () => {
  const confirmation_code = `${'s3cret-'.repeat(20)}`;
  const { body } = await order(target, { confirmation_code, unknown: 1, release: 'no' });
  assert.ok(!body.includes('s3cret'));
});
