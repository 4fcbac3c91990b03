import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addApiKey } from '../../accounts/accounts.ts';
import { covers, type Permission, permissions } from '../../store/ports/permissions.ts';
import { tries } from '../openapi/openapi-tries.harness.ts';
import { operations } from '../operations.ts';
import { callOperation } from './operation-call.harness.ts';
import { LIST, ordered, problemIn, type RestTest, restTest, START } from './rest.harness.ts';

const KEYS_URL = '/api/v1/esim/keys';

/** The headers of a new key of anna's with these permissions. */
async function keyWith({ store, env }: RestTest, ...owned: Permission[]) {
  const apiKey = `a key for ${owned.join('-')}`.replaceAll(' ', '-');
  const { random } = env();
  await addApiKey(store, { userId: 'anna', apiKey, permissions: owned, random, now: START * 1000 });
  return { headers: { 'x-user-id': 'anna', 'x-api-key': apiKey }, by: null } as const;
}

test('every operation but the open ones refuses a key that lacks a permission, and no other key', async () => {
  for (const operation of operations.filter(({ open }) => !open)) {
    await using api = await restTest();
    const { operationId, permissions: needed } = operation;
    for (const one of permissions) {
      const { headers } = await keyWith(api, one);
      const { statusCode, body } = await callOperation(api, operation, { headers });
      if (covers([one], needed)) assert.notEqual(statusCode, 401, `${operationId}: ${body}`);
      else assert.equal(statusCode, 403, `${operationId} with ${one}: ${body}`);
    }
  }
});

/** The preview of an install page shows a code that belongs to no profile. */
function withoutExample(
  { operationId }: Pick<(typeof operations)[number], 'operationId'>,
  body: string,
): string {
  const example = /(?:carddata=)?LPA(?::|%3A)1(?:\$|%24)rsp\.example\.com(?:\$|%24)EXAMPLE-ONLY/gi;
  return operationId === 'previewInstallPage' ? body.replaceAll(example, '') : body;
}

test('a key without codes gets no activation code, MatchingID or install link from any operation', async () => {
  for (const operation of operations.filter(({ open }) => !open)) {
    await using api = await restTest();
    const { headers } = await keyWith(api, 'read', 'order', 'support', 'admin');
    const prepared = (await tries[operation.operationId]?.(api)) ?? [];
    const answers = [];
    for (const one of prepared)
      answers.push(
        (await callOperation(api, operation, { ...one, headers: { ...one.headers, ...headers } })).body,
      );
    const { profiles } = await api.store.listProfiles({ account: 'anna', count: 1000, offset: 0 });
    const secret = profiles.flatMap(({ order }) => (order?.matchingId ? [order.matchingId as string] : []));
    for (const body of answers)
      assert.ok(
        !secret.some((one) => body.includes(one)) && !/LPA:1|carddata/i.test(withoutExample(operation, body)),
        `${operation.operationId}: ${body}`,
      );
  }
});

test('a profile says that its codes are hidden, whether or not it has one', async () => {
  await using api = await restTest();
  const hidden = await keyWith(api, 'read', 'order');
  const { iccid } = await ordered(api);
  const shown = (await api.call(`${LIST}/${iccid}`, hidden)).json();
  assert.deepEqual(
    [shown.activation_code, shown.codes_hidden, shown.matching_id, shown.install_links],
    ['', true, undefined, undefined],
  );
  const [listed] = (await api.call(LIST, hidden)).json().euicc_profiles;
  assert.deepEqual([listed.activation_code, listed.codes_hidden], ['', true]);
  const answer = await api.post(`${LIST}/${iccid}/reset`, undefined, hidden);
  assert.ok(answer.statusCode === 409 || answer.json().codes_hidden, answer.body);
  problemIn(await api.call(`${LIST}/${iccid}/qrcode`, hidden), 403, 'forbidden');
  const seed = await keyWith(api, 'read', 'codes');
  const whole = (await api.call(`${LIST}/${iccid}`, seed)).json();
  assert.match(whole.activation_code, /^LPA:1\$/);
  assert.ok(!('codes_hidden' in whole));
  assert.equal((await api.call(`${LIST}/${iccid}/qrcode`, seed)).statusCode, 200);
});

test('a key is created with a set of permissions or the name of one, and shows both', async () => {
  await using api = await restTest();
  const created = async (body: object) => (await api.post(KEYS_URL, body)).json();
  const byName = await created({ scope: 'order' });
  assert.deepEqual([byName.permissions, byName.scope], [['read', 'codes', 'order'], 'order']);
  const bySet = await created({ permissions: ['codes', 'read'] });
  assert.deepEqual([bySet.permissions, bySet.scope], [['read', 'codes'], 'read']);
  const own = await created({ permissions: ['support', 'read'] });
  assert.deepEqual([own.permissions, 'scope' in own], [['read', 'support'], false]);
  for (const body of [
    {},
    { permissions: [] },
    { permissions: ['god'] },
    { permissions: ['read'], scope: 'read' },
  ])
    problemIn(await api.post(KEYS_URL, body), 400, 'validation_failed');
});

test('a key cannot give another key a permission that it lacks, neither to a new one nor by rotation', async () => {
  await using api = await restTest();
  const limited = await keyWith(api, 'read', 'admin');
  problemIn(await api.post(KEYS_URL, { permissions: ['codes'] }, limited), 403, 'forbidden');
  problemIn(await api.post(KEYS_URL, { scope: 'admin' }, limited), 403, 'forbidden');
  const { id } = (await api.post(KEYS_URL, { scope: 'order' })).json();
  problemIn(await api.post(`${KEYS_URL}/${id}/rotate`, {}, limited), 403, 'forbidden');
  const allowed = await api.post(KEYS_URL, { permissions: ['read'] }, limited);
  assert.equal(allowed.statusCode, 201, allowed.body);
  const rotated = await api.post(`${KEYS_URL}/${allowed.json().id}/rotate`, {}, limited);
  assert.deepEqual([rotated.statusCode, rotated.json().permissions], [201, ['read']]);
});
