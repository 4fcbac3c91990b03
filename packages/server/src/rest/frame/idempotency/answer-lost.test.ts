import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import type { SealedAnswer } from '../../../store/ports/idempotency.ts';
import type { ServerStore } from '../../../store/ports/server-store.ts';
import { openEmptyStore } from '../../../store/postgres/testing/empty-store.harness.ts';
import { tries } from '../../openapi/openapi-tries.harness.ts';
import { noWait, typeAtUpstream } from '../../openapi/openapi-tries-upstreams.harness.ts';
import { operations } from '../../operations.ts';
import { callOperation } from '../../testing/operation-call.harness.ts';
import { KEYS, LIST, problemIn, type RestTest, restTest, stocked } from '../../testing/rest.harness.ts';
import type { Operation } from '../operation.ts';
import { unseal } from './seal.ts';

/** What happens to requests with an Idempotency-Key whose process ends after their work, before their answer is kept. */

const MINUTE = 61_000;

/** Operations whose repeat after that does its work again, and why that does no harm. */
const harmless: Readonly<Record<string, string>> = {
  previewInstallPage: 'it changes nothing',
  previewMailTemplate: 'it changes nothing',
  readActivationCode: 'it changes nothing',
  readEUICCProfileSecrets: 'it changes nothing',
  testUpstream: 'it changes nothing',
  createProfileTemplate: 'a type has one template: the repeat is refused because it exists',
  createOperator: 'its name is unique: the repeat is refused because it exists',
  createUpstream: 'its name is unique: the repeat is refused because it exists',
  createCoreNetwork: 'its name is unique: the repeat is refused because it exists',
  createPasskey: 'a challenge is used once: the repeat is refused',
  createPasskeyChallenge: 'a challenge ends by itself',
  setUpstreamType: 'it sets the same again',
  changePassword: 'it sets the same again, or the old password is wrong',
  eraseAuditEntry: 'it is erased already',
};

/** The API over a store that stops keeping answers, as if the process had ended; `lost`: those that it should have kept. */
async function withLosses() {
  const store = await openEmptyStore();
  const lost: SealedAnswer[] = [];
  let isLosing = false;
  const meanwhile: { beforeSave?: (() => Promise<void>) | undefined } = {};
  const losing: ServerStore = {
    ...store,
    save: async (changes, request) => {
      await meanwhile.beforeSave?.();
      return store.save(changes, request);
    },
    saveAnswer: async (request, answer, iccids) => {
      if (!isLosing) return store.saveAnswer(request, answer, iccids);
      lost.push(answer);
      throw new Error('the process has ended');
    },
  };
  const api = await restTest(losing);
  return {
    api,
    lost,
    /** What happens before the next save. */
    meanwhile,
    /** Makes a call whose answer is lost. */
    losing: async (call: () => Promise<LightMyRequestResponse>) => {
      isLosing = true;
      const answer = await call();
      isLosing = false;
      return answer;
    },
  };
}

/** Makes a call, a minute later. */
async function later<T>(call: () => Promise<T>): Promise<T> {
  mock.timers.enable({ apis: ['Date'], now: Date.now() + MINUTE });
  try {
    return await call();
  } finally {
    mock.timers.reset();
  }
}

function lostText(answers: readonly SealedAnswer[]): unknown {
  const texts = answers.flatMap(({ sealed }) => unseal(sealed, KEYS.anna) ?? []);
  assert.equal(texts.length, 1);
  return JSON.parse(texts[0] as string);
}

/** The calls of an operation, in turn, until one is answered well; all with one key each. */
async function firstThatSucceeds(
  api: RestTest,
  operation: Operation,
  call: (given: object) => Promise<LightMyRequestResponse>,
) {
  for (const given of (await tries[operation.operationId]?.(api)) ?? []) {
    const headers = { ...given.headers, 'idempotency-key': 'once' };
    const answer = await call({ ...given, headers });
    if (answer.statusCode === 500) return { ...given, headers };
  }
  return undefined;
}

const posts = operations.filter(
  ({ method, open, bodyTypes }) => method === 'POST' && !open && bodyTypes === undefined,
);

for (const operation of posts)
  test(`${operation.operationId}: its work is not done twice when the answer to the first request is lost`, async () => {
    const { operationId, answerAgain } = operation;
    const { api, lost, losing } = await withLosses();
    await using _ = api;
    const request = await firstThatSucceeds(api, operation, (given) =>
      losing(() => callOperation(api, operation, given)),
    );
    if (request === undefined) {
      assert.ok(operationId in harmless, 'none of its tries keeps an answer');
      return;
    }
    const again = () => callOperation(api, operation, request);
    if (operationId in harmless) {
      problemIn(await again(), 409, 'in_progress');
      return;
    }
    if (answerAgain === undefined) {
      problemIn(await again(), 409, 'in_progress');
      const { detail } = problemIn(await later(again), 409, 'answer_lost');
      assert.ok(detail.endsWith(`: ${operation.ifLost}`), detail);
      return;
    }
    const answer = await again();
    assert.equal(answer.headers['idempotency-replayed'], 'true', answer.body);
    assert.equal(answer.statusCode, lost[0]?.status);
    assert.deepEqual(answer.json(), lostText(lost));
  });

const ORDER = `${LIST}/order`;
const headers = { 'idempotency-key': 'order-1' };
const TEMPLATES = '/api/v1/esim/profile-templates';
const template = {
  profile_type: 'new',
  size: 5,
  iccid_start: '890010177700000000',
  imsi_start: '001017770000000',
};

async function iccidsOf(api: RestTest): Promise<readonly string[]> {
  return (await api.call(LIST)).json().euicc_profiles.map(({ iccid }: { iccid: string }) => iccid);
}

test('an order that created its profile is answered again with the generated keys, and creates no other', async () => {
  const { api, lost, losing } = await withLosses();
  await using _ = api;
  await api.post(TEMPLATES, template);
  const order = () => api.post(ORDER, { profile_type: 'new', confirmation_code: '1234' }, { headers });
  assert.equal((await losing(order)).statusCode, 500);
  const again = await order();
  assert.deepEqual(again.json(), lostText(lost));
  assert.match(again.json().subscription.ki, /^[0-9a-f]{32}$/i);
  assert.deepEqual(await iccidsOf(api), [again.json().iccid]);
  assert.equal((await api.call(`${TEMPLATES}/new`)).json().free_numbers, 4);
  await api.call(`${TEMPLATES}/new`, { method: 'DELETE' });
  const { detail } = problemIn(await order(), 409, 'answer_lost');
  assert.ok(detail.includes(again.json().iccid), detail);
});

test('keys that are derived from a master key are not shown when an order is answered again', async () => {
  const { api, lost, losing } = await withLosses();
  await using _ = api;
  await api.post(TEMPLATES, { ...template, master_key: '0123456789abcdef0123456789abcdef' });
  const order = () => api.post(ORDER, { profile_type: 'new' }, { headers });
  await losing(order);
  const again = await order();
  assert.deepEqual(again.json(), lostText(lost));
  assert.equal('subscription' in again.json(), false);
});

test('the order of a profile that was deleted since is not done again', async () => {
  const { api, losing } = await withLosses();
  await using _ = api;
  const iccid = await stocked(api);
  const order = () => api.post(`${LIST}/${iccid}/order`, {}, { headers });
  await losing(order);
  await api.call(`${LIST}/${iccid}?force=true`, { method: 'DELETE' });
  problemIn(await order(), 409, 'answer_lost');
  assert.deepEqual(await iccidsOf(api), []);
});

test('a replacement by another profile is answered again with the other one', async () => {
  const { api, lost, losing } = await withLosses();
  await using _ = api;
  await api.post(TEMPLATES, template);
  const { iccid } = (await api.post(ORDER, { profile_type: 'new' })).json();
  const replace = () => api.post(`${LIST}/${iccid}/replace`, { by: 'another' }, { headers });
  await losing(replace);
  const again = await replace();
  assert.deepEqual(again.json(), lostText(lost));
  assert.notEqual(again.json().iccid, iccid);
  assert.equal((await iccidsOf(api)).length, 2);
});

test('an order at an upstream is requested once; when the upstream refuses it, the same request orders again', async () => {
  const { api, lost, losing } = await withLosses();
  await using _ = api;
  const body = { profile_type: await typeAtUpstream(api) };
  const order = () => api.post(ORDER, body, { headers: { ...headers, ...noWait.headers } });
  const requested = async () => (await api.call('/api/v1/esim/operations')).json().operations;
  await losing(order);
  const again = await order();
  assert.deepEqual([again.statusCode, again.json()], [202, lostText(lost)]);
  const [first, ...others] = await requested();
  assert.deepEqual([others, again.headers.location], [[], `/api/v1/esim/operations/${first.id}`]);
  const operation = await api.store.operation(first.id);
  assert.ok(operation !== undefined);
  await api.store.save([{ operation: { ...operation, state: 'refused', fault: { message: 'sold out' } } }]);
  problemIn(await order(), 409, 'upstream_refused');
  assert.equal((await order()).statusCode, 202);
  assert.equal((await requested()).length, 2);
});

test('a request that takes so long that another process begins it again changes nothing any more', async () => {
  const { api, meanwhile } = await withLosses();
  await using _ = api;
  await api.post(TEMPLATES, template);
  const order = () => api.post(ORDER, { profile_type: 'new' }, { headers });
  let second: LightMyRequestResponse | undefined;
  meanwhile.beforeSave = async () => {
    meanwhile.beforeSave = undefined;
    second = await later(order);
  };
  problemIn(await order(), 503, 'busy');
  assert.equal(second?.statusCode, 200);
  const again = await order();
  assert.deepEqual([again.statusCode, again.json()], [200, second?.json()]);
  assert.equal((await iccidsOf(api)).length, 1);
});
