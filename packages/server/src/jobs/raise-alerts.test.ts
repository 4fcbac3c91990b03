import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageId, stockPayload } from '../delivery/webhooks/payload.ts';
import { makeSecret } from '../store/ports/webhook-secret.ts';
import { openMemoryStore } from '../store/sqlite/memory.harness.ts';
import { raiseCertificateAlerts, raiseStockAlerts, thresholdOf } from './raise-alerts.ts';

const NOW = Date.UTC(2026, 2, 1);
const DAY = 86_400_000;

/** A store whose types have as many available profiles as `stock` says. */
async function storeWith(stock: ReadonlyMap<string, number>) {
  const store = await openMemoryStore();
  await store.addAccount({ id: 'lab', name: 'Lab', createdAt: 1 });
  const profileTypes = async () => ({
    counts: [...stock].map(([profileType, count]) => ({ profileType, state: 'AVAILABLE' as const, count })),
  });
  return { ...store, profileTypes, [Symbol.asyncDispose]: () => store.close() };
}

test('a certificate reaches a threshold 30, 14, 7 and 1 days before its end', () => {
  const at = (days: number) => thresholdOf({ name: 'x', notAfter: NOW + days * DAY }, NOW);
  assert.deepEqual(
    [at(31), at(30), at(15), at(14), at(8), at(7), at(2), at(1), at(0), at(-3)],
    [undefined, 30, 30, 14, 14, 7, 7, 1, 1, 1],
  );
});

test('a certificate is reported once for each threshold, to every address, and a new one again', async () => {
  await using store = await storeWith(new Map());
  const certificate = { name: 'dp-tls "rsp.example.com"', notAfter: NOW + 31 * DAY };
  let certificates = [certificate];
  const usual = { store, server: 'rsp.example.com', sendsMail: true, certificates: () => certificates };
  const raise = (days: number, alertsTo = ['anna@example.com', 'bert@example.com']) =>
    raiseCertificateAlerts({ ...usual, alertsTo }, NOW + days * DAY);
  const mails = async () => (await store.deliveries({ kind: 'mail', account: '', count: 99 })).items;
  const counts: number[] = [];
  for (const days of [0, 1, 1.5, 10, 17, 17.1, 20, 24, 29, 30, 30.5, 31, 40]) {
    await raise(days);
    counts.push((await mails()).length);
  }
  assert.deepEqual(counts, [0, 2, 2, 2, 4, 4, 4, 6, 6, 8, 8, 8, 8]);
  const [newest] = await mails();
  assert.deepEqual(
    [newest?.type, newest?.facts?.days_left, newest?.facts?.ends_on],
    ['certificate_expiry', '1', '2026-04-01'],
  );
  certificates = [{ ...certificate, notAfter: NOW + 45 * DAY }];
  await raise(40);
  assert.equal((await mails()).length, 10);
  await raise(44, []);
  await raiseCertificateAlerts({ ...usual, alertsTo: ['a@example.com'], sendsMail: false }, NOW + 44 * DAY);
  assert.equal((await mails()).length, 10);
});

test('low stock is reported once until there was more, by mail and to webhooks that want it', async () => {
  const stock = new Map([['basic', 11]]);
  await using store = await storeWith(stock);
  const secret = makeSecret(new Uint8Array(24).fill(1));
  const webhook = {
    account: 'lab',
    url: 'https://example.com/',
    description: '',
    secret,
    createdAt: 1,
    hearsFrom: 1,
  };
  await store.addWebhook({ ...webhook, id: 'we_1', events: ['stock.low'] }, 9);
  await store.addWebhook({ ...webhook, id: 'we_2', events: ['*'] }, 9);
  await store.addWebhook({ ...webhook, id: 'we_3', events: ['profile.installed'] }, 9);
  await store.addWebhook({ ...webhook, id: 'we_4', events: ['*'], disabled: { at: 1, reason: 'x' } }, 9);
  const recipient = { account: 'lab', language: 'de', createdAt: 1 };
  await store.putMailRecipient({ ...recipient, address: 'anna@example.com', kinds: ['low_stock'] }, 9);
  await store.putMailRecipient({ ...recipient, address: 'bert@example.com', kinds: ['webhook_disabled'] }, 9);
  await store.setStockLimit({ account: 'lab', profileType: 'basic', lowAt: 10 });
  const mails = async () => (await store.deliveries({ kind: 'mail', account: 'lab', count: 99 })).items;
  const raise = (available: number, sendsMail = true) => {
    stock.set('basic', available);
    return raiseStockAlerts({ store, sendsMail }, NOW);
  };
  const counts: number[] = [];
  for (const available of [11, 10, 9, 0, 11, 10]) {
    await raise(available);
    counts.push((await mails()).length);
  }
  assert.deepEqual(counts, [0, 1, 1, 1, 1, 2]);
  const [mail] = await mails();
  assert.deepEqual(
    [mail?.target, mail?.facts?.available, mail?.facts?.language],
    ['anna@example.com', '10', 'de'],
  );
  const sentTo = async (target: string) =>
    (await store.deliveries({ kind: 'webhook', target, count: 9 })).items;
  assert.deepEqual(
    await Promise.all(['we_1', 'we_2', 'we_3', 'we_4'].map(async (id) => (await sentTo(id)).length)),
    [2, 2, 0, 0],
  );
  const [message] = await sentTo('we_1');
  assert.ok(message);
  assert.deepEqual(JSON.parse(stockPayload(message)), {
    type: 'stock.low',
    timestamp: new Date(NOW).toISOString(),
    data: { profile_type: 'basic', available: 10, low_stock_at: 10 },
  });
  assert.match(messageId(message), /^msg_1_stock_\d+_[0-9a-f]{12}$/);
  await raise(11);
  await raise(1, false);
  assert.deepEqual([(await mails()).length, (await sentTo('we_1')).length], [2, 3]);
});
