import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ESIMRSPApi } from '@esim-rsp/sdk';
import { subscription } from '../../harness/profiles.ts';
import { type Receiver, startReceiver } from '../../harness/receiver.ts';
import { apiAt } from '../../harness/server.ts';
import type { Attack, Target } from '../attack.ts';
import { secondTenant } from '../second-tenant.ts';

/** Receivers of webhooks that keep others waiting. */
export const slowReceivers: readonly Attack[] = [
  {
    name: 'slow receivers of one tenant do not delay the webhooks of another',
    alone: true,
    settings: { ESIM_WEBHOOK_ALLOW_PRIVATE: '1' },
    run: async (target) => {
      await using slow = await startReceiver();
      await using quick = await startReceiver();
      slow.answer = (response) => void setTimeout(() => response.writeHead(204).end(), 9000);
      for (let i = 0; i < 20; i++) await target.api.createWebhook({ url: slow.url, events: ['*'] });
      for (let i = 0; i < 10; i++) await target.api.createEUICCProfile({ parameters: subscription() });
      await slow.count(10);
      const api = await apiOfNeighbour(target);
      await api.createWebhook({ url: quick.url, events: ['*'] });
      await mustArriveSoon(api, quick);
    },
  },
  {
    name: 'host names of one tenant that never resolve do not delay the webhooks of another',
    alone: true,
    prepare: async () => {
      const silent = createSocket('udp4').unref();
      silent.bind(0, '127.0.0.1');
      await once(silent, 'listening');
      return { ESIM_WEBHOOK_ALLOW_PRIVATE: '1', ESIM_DNS_SERVERS: `127.0.0.1:${silent.address().port}` };
    },
    run: async (target) => {
      await using quick = await startReceiver();
      for (let i = 0; i < 20; i++)
        await target.api.createWebhook({ url: `https://h${i}.example.com/`, events: ['*'] });
      for (let i = 0; i < 10; i++) await target.api.createEUICCProfile({ parameters: subscription() });
      const api = await apiOfNeighbour(target);
      await api.createWebhook({ url: quick.url.replace('127.0.0.1', 'localhost'), events: ['*'] });
      await mustArriveSoon(api, quick);
    },
  },
  {
    name: 'a receiver gets the pause that it asks for, as a date too, and never more than an hour',
    settings: { ESIM_WEBHOOK_ALLOW_PRIVATE: '1' },
    run: async ({ api }) => {
      await using receiver = await startReceiver();
      const until = new Date(Date.now() + 30 * 24 * 3_600_000).toUTCString();
      receiver.answer = (response) => void response.writeHead(503, { 'retry-after': until }).end();
      const { data: webhook } = await api.createWebhook({ url: receiver.url, events: ['*'] });
      await api.createEUICCProfile({ parameters: subscription() });
      await receiver.count(1);
      await api.createEUICCProfile({ parameters: subscription() });
      await sleep(3000);
      assert.equal(receiver.received.length, 1, 'it was called again although it asked for a pause');
      const { data } = await api.listWebhookDeliveries(webhook.id);
      const next = data.deliveries.map(
        ({ next_attempt_at }) => Date.parse(next_attempt_at ?? '') - Date.now(),
      );
      assert.ok(Math.max(...next) < 3_601_000 && Math.max(...next) > 3_500_000, String(next));
    },
  },
];

/** Rejects unless the neighbour's receiver gets an event within three seconds. */
async function mustArriveSoon(api: ESIMRSPApi, { received }: Receiver): Promise<void> {
  const started = performance.now();
  await api.createEUICCProfile({ parameters: subscription() });
  while (received.length === 0 && performance.now() - started < 3000) await sleep(20);
  const waited = Math.round(performance.now() - started);
  assert.equal(received.length, 1, `the webhook of the neighbour did not arrive within ${waited} ms`);
}

async function apiOfNeighbour(target: Target): Promise<ESIMRSPApi> {
  const { headers } = await secondTenant(target);
  return apiAt(target.restUrl, {
    ESIM_BOOTSTRAP_USER_ID: headers['x-user-id'] ?? '',
    ESIM_BOOTSTRAP_API_KEY: headers['x-api-key'] ?? '',
  });
}
