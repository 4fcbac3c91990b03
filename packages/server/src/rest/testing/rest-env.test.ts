import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIST, ordered, restTest, stocked } from './rest.harness.ts';

test('each call creates its environment once, so that it happens at one time', async () => {
  await using api = await restTest();
  const [iccid, inStock] = [(await ordered(api)).iccid, await stocked(api)];
  const calls: Record<string, () => Promise<unknown>> = {
    status: () => api.call('/api/v1/status'),
    list: () => api.call(LIST),
    get: () => api.call(`${LIST}/${iccid}`),
    qrcode: () => api.call(`${LIST}/${iccid}/qrcode`),
    history: () => api.call(`${LIST}/${iccid}/history`),
    cancel: () => api.post(`${LIST}/${iccid}/cancel`, {}),
    order: () => api.post(`${LIST}/${inStock}/order`, {}),
    createKey: () => api.post('/api/v1/esim/keys', { scope: 'read' }),
    createWebhook: () => api.post('/api/v1/esim/webhooks', { url: 'https://shop.example.com/hook' }),
  };
  for (const [name, call] of Object.entries(calls)) {
    api.envCount = 0;
    await call();
    assert.equal(api.envCount, 1, name);
  }
});
