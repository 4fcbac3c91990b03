import assert from 'node:assert/strict';
import type { RestTest } from '../testing/rest.harness.ts';
import type { Try } from './openapi-try.testdata.ts';

const WEBHOOKS = '/api/v1/esim/webhooks';
const URL_ = 'https://shop.example.com/hook';
const UNKNOWN = { webhookId: `we_${'0'.repeat(24)}` };

/** Makes a webhook over the API; resolves to the parameters of its path. */
async function madeWebhook(api: RestTest): Promise<{ readonly webhookId: string }> {
  const answer = await api.post(WEBHOOKS, { url: URL_ });
  assert.equal(answer.statusCode, 201, answer.body);
  return { webhookId: answer.json().id };
}

async function disabledWebhook(api: RestTest) {
  const path = await madeWebhook(api);
  const url = `${WEBHOOKS}/${path.webhookId}`;
  const answer = await api.call(url, { method: 'PATCH', payload: { disabled: true } });
  assert.equal(answer.statusCode, 200, answer.body);
  return path;
}

/** A delivery of a webhook, which stays pending because no job runs. */
async function pendingDelivery(api: RestTest) {
  const { webhookId } = await madeWebhook(api);
  const answer = await api.post(`${WEBHOOKS}/${webhookId}/test`, undefined);
  assert.equal(answer.statusCode, 202, answer.body);
  return { webhookId, deliveryId: String(answer.json().id) };
}

export const webhookTries: Readonly<Record<string, (api: RestTest) => Promise<readonly Try[]>>> = {
  listWebhooks: async (api) => {
    await disabledWebhook(api);
    return [{}];
  },
  createWebhook: async () => [
    {},
    { body: { url: URL_, secret: 'whsec_short' } },
    ...Array.from({ length: 20 }, () => ({ body: { url: URL_ } })),
  ],
  getWebhook: async (api) => [{ path: await madeWebhook(api) }, { path: UNKNOWN }],
  updateWebhook: async (api) => {
    const path = await madeWebhook(api);
    return [
      { path, body: { disabled: true } },
      { path, body: { url: 'https://127.0.0.1/' } },
      { path: UNKNOWN },
    ];
  },
  deleteWebhook: async (api) => [{ path: await madeWebhook(api) }, { path: UNKNOWN }],
  rotateWebhookSecret: async (api) => {
    const path = await madeWebhook(api);
    return [
      { path, body: {} },
      { path, body: { secret: 'whsec_short' } },
      { path: UNKNOWN, body: {} },
    ];
  },
  testWebhook: async (api) => [
    { path: await madeWebhook(api) },
    { path: await disabledWebhook(api) },
    { path: UNKNOWN },
  ],
  listWebhookDeliveries: async (api) => {
    const path = await pendingDelivery(api);
    return [{ path }, { path, query: '?count=1&cursor=9&state=pending' }, { path: UNKNOWN }];
  },
  replayWebhookDelivery: async (api) => {
    const path = await pendingDelivery(api);
    const done = await pendingDelivery(api);
    const settlement = { state: 'delivered', nextAttemptAt: 0, lastStatus: 200 } as const;
    await api.store.settleDelivery({ id: Number(done.deliveryId), attempts: 0 }, settlement);
    return [{ path: done }, { path }, { path: { ...path, deliveryId: '999' } }];
  },
};
