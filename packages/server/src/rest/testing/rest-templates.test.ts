import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '@esim-rsp/codec';
import { deriveSecrets, masterKeyOf } from '@esim-rsp/sgp22/profile/derived-secrets';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { timeOfSeconds } from '../../shapes/time.ts';
import { LIST, problemIn, READ_KEY, type RestTest, restTest } from './rest.harness.ts';

const TEMPLATES = '/api/v1/esim/profile-templates';
const MASTER_KEY = '0123456789abcdef0123456789abcdef';
const input = {
  profile_type: 'basic 10 GB',
  size: 5,
  iccid_start: '890010177700000000',
  imsi_start: '001017770000000',
  service_provider_name: 'Example Mobile',
  notification_events: ['install', 'delete'],
};
const ONE = `${TEMPLATES}/${encodeURIComponent(input.profile_type)}`;

async function withTemplate(members: object = {}): Promise<RestTest> {
  const api = await restTest();
  const answer = await api.post(TEMPLATES, { ...input, ...members });
  assert.equal(answer.statusCode, 201, answer.body);
  return api;
}

const order = (api: RestTest, members: object = {}) =>
  api.post(`${LIST}/order`, { profile_type: input.profile_type, ...members });

async function keyOf(api: RestTest, iccid: string): Promise<string> {
  const content = await api.store.content(iccid as Iccid);
  assert.ok(content && 'parameters' in content);
  return toHex(content.parameters.ki);
}

test('a template is shown as its profiles will be, with how many numbers are left', async () => {
  await using api = await withTemplate();
  const expected = {
    ...input,
    free_numbers: 5,
    keys: 'generated',
    algorithm: 'milenage',
    profile_name: 'Example Mobile',
    profile_class: 'operational',
    created_at: timeOfSeconds(api.now),
  };
  assert.deepEqual((await api.call(ONE)).json(), expected);
  assert.deepEqual((await api.call(TEMPLATES)).json(), { total: 1, profile_templates: [expected] });
  assert.deepEqual((await api.call('/api/v1/esim/profile-types')).json().profile_types, [
    { profile_type: input.profile_type, total: 0, states: {}, template_free_numbers: 5 },
  ]);
});

test('an order finds no stock, makes the profile, and says the keys that it drew once', async () => {
  await using api = await withTemplate();
  const first = (await order(api, { confirmation_code: '1234' })).json();
  assert.deepEqual([first.state, first.imsi, first.cc_required], ['RELEASED', '001017770000000', true]);
  assert.equal(first.subscription.ki, await keyOf(api, first.iccid));
  assert.ok(!(await api.call(`${LIST}/${first.iccid}`)).body.includes(first.subscription.ki));
  const second = (await order(api, { confirm: false })).json();
  assert.deepEqual([second.state, second.imsi], ['ALLOCATED', '001017770000001']);
  assert.equal((await api.call(ONE)).json().free_numbers, 3);
  const { events } = (await api.call(`${LIST}/${first.iccid}/history`)).json();
  assert.deepEqual(
    events.map(({ type }: { type: string }) => type),
    ['profile.created', 'profile.ordered', 'profile.released'],
  );
});

test('the same order again with its Idempotency-Key takes no second number', async () => {
  await using api = await withTemplate();
  const headers = { 'idempotency-key': 'order-1' };
  const payload = { profile_type: input.profile_type };
  const [first, again] = [
    await api.post(`${LIST}/order`, payload, { headers }),
    await api.post(`${LIST}/order`, payload, { headers }),
  ];
  assert.deepEqual(again.json(), first.json());
  assert.equal(again.headers['idempotency-replayed'], 'true');
  assert.equal((await api.call(ONE)).json().free_numbers, 4);
});

test('with a master key the keys are derived, and never in an answer', async () => {
  await using api = await withTemplate({ master_key: MASTER_KEY });
  const shown = await api.call(ONE);
  assert.equal(shown.json().keys, 'derived');
  const ordered = await order(api);
  const { iccid, imsi } = ordered.json();
  const { ki } = deriveSecrets(masterKeyOf(fromHex(MASTER_KEY)), imsi);
  assert.equal(await keyOf(api, iccid), toHex(ki));
  const generated = await api.post(`${ONE}/generate`, { count: 2 });
  assert.deepEqual(Object.keys(generated.json()), ['iccids']);
  for (const { body } of [shown, ordered, generated, await api.call(TEMPLATES)])
    assert.doesNotMatch(body, new RegExp(`${MASTER_KEY}|${toHex(ki)}`, 'i'));
});

test('numbers that are in stock already are passed over; when all are taken the type is sold out', async () => {
  await using api = await withTemplate();
  const taken = { count: 1, iccid_start: '890010177700000001', imsi_start: '001017770000001' };
  assert.equal((await api.post(`${LIST}/generate`, taken)).statusCode, 201);
  const made = (await api.post(`${ONE}/generate`, { count: 3 })).json();
  assert.deepEqual(
    made.subscriptions.map(({ imsi }: { imsi: string }) => imsi.slice(-1)),
    ['0', '2', '3'],
  );
  problemIn(await api.post(`${ONE}/generate`, { count: 2 }), 409, 'out_of_stock');
  for (let left = 4; left > 0; left--) assert.equal((await order(api)).statusCode, 200);
  const problem = problemIn(await order(api), 409, 'out_of_stock');
  assert.match(problem.message, /used up/);
  assert.equal((await api.call(ONE)).json().free_numbers, 0);
});

test('a hundred orders at once take a hundred numbers', async () => {
  await using api = await withTemplate({ size: 100 });
  const answers = await Promise.all(Array.from({ length: 100 }, () => order(api)));
  const made = new Set(answers.filter(({ statusCode }) => statusCode === 200).map((one) => one.json().imsi));
  for (const answer of answers) if (answer.statusCode !== 200) problemIn(answer, 503, 'busy');
  while (made.size < 100) made.add((await order(api)).json().imsi);
  problemIn(await order(api), 409, 'out_of_stock');
});

test('a type has one template; it is removed by its owner, who has the right to', async () => {
  await using api = await withTemplate();
  problemIn(await api.post(TEMPLATES, input), 409, 'template_exists');
  problemIn(await api.call(ONE, { by: 'bert' }), 404, 'template_not_found');
  problemIn(await api.call(ONE, { by: 'bert', method: 'DELETE' }), 404, 'template_not_found');
  const headers = { 'x-api-key': READ_KEY };
  assert.equal((await api.call(ONE, { method: 'DELETE', headers })).statusCode, 403);
  assert.equal((await api.call(ONE, { headers })).statusCode, 200);
  const { iccid } = (await order(api)).json();
  assert.equal((await api.call(ONE, { method: 'DELETE' })).statusCode, 204);
  problemIn(await api.call(ONE), 404, 'template_not_found');
  problemIn(await order(api), 409, 'out_of_stock');
  assert.equal((await api.call(`${LIST}/${iccid}`)).json().state, 'RELEASED');
});

test('what no profile can be made of is refused, and nothing is kept', async () => {
  await using api = await restTest();
  const short = await api.post(TEMPLATES, { ...input, imsi_start: '999998' });
  assert.match(
    problemIn(short, 400, 'invalid_value').message,
    /imsi_start has not room for 5 numbers in 6 digits/,
  );
  for (const members of [
    { icon: 'AAAA' },
    { master_key: 'ab' },
    { size: 0 },
    { profile_type: undefined },
    { count: 1 },
  ])
    assert.equal((await api.post(TEMPLATES, { ...input, ...members })).statusCode, 400);
  assert.equal((await api.call(TEMPLATES)).json().total, 0);
});

test('a type may have any characters, and as many as a profile type has', async () => {
  const profile_type = `10 GB/Monat? #1 & ${'ü'.repeat(110)}`;
  await using api = await withTemplate({ profile_type });
  const url = `${TEMPLATES}/${encodeURIComponent(profile_type)}`;
  assert.equal((await api.call(url)).json().profile_type, profile_type);
  assert.equal((await api.post(`${url}/generate`, { count: 1 })).statusCode, 201);
  assert.equal((await api.call(url, { method: 'DELETE' })).statusCode, 204);
});
