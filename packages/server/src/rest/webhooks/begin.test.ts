import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { restTest, stocked } from '../testing/rest.harness.ts';

const api = await restTest();
after(() => api[Symbol.asyncDispose]());

const WEBHOOKS = '/api/v1/esim/webhooks';

test('a webhook begins behind the last event, when it is created and when it is enabled again', async () => {
  const { store } = api;
  await stocked(api);
  const created = await api.call(WEBHOOKS, { method: 'POST', body: { url: 'https://hook.example' } });
  assert.equal(created.statusCode, 201, created.body);
  const { id } = created.json();
  const begin = await store.lastEventId();
  assert.ok(begin > 0);
  assert.equal((await store.webhook(id))?.hearsAfter, begin);

  const update = (body: object) => api.call(`${WEBHOOKS}/${id}`, { method: 'PATCH', body });
  await stocked(api);
  await update({ description: 'as it was' });
  await update({ disabled: false });
  assert.equal((await store.webhook(id))?.hearsAfter, begin, 'it was not disabled');
  await update({ disabled: true });
  await stocked(api);
  await update({ disabled: false });
  assert.equal((await store.webhook(id))?.hearsAfter, await store.lastEventId());
  assert.ok((await store.lastEventId()) > begin);
});
