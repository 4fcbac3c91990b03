import assert from 'node:assert/strict';
import type { ServerStore } from '../ports/server-store.ts';
import { makeSecret } from '../ports/webhook-secret.ts';
import type { WebhookEndpoint } from '../ports/webhooks.ts';

const NOW = 1_700_000_000_000;

function plain(members: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  return {
    id: 'we_1',
    account: 'lab',
    url: 'https://example.com/hook',
    description: '',
    events: ['profile.installed', 'profile.error'],
    secret: makeSecret(new Uint8Array(24).fill(1)),
    createdAt: NOW,
    hearsFrom: NOW + 7,
    ...members,
  };
}

/** assert.deepEqual sees no difference between two secrets, because they have no printable form. */
const keysOf = ({ secret, previous }: WebhookEndpoint) => [
  [...secret.key],
  [...(previous?.secret.key ?? [])],
];

async function withAccount(store: ServerStore): Promise<void> {
  for (const id of ['lab', 'other']) await store.addAccount({ id, name: id, createdAt: 1 });
}

/** The contract of webhook endpoints. */
export const webhookContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'endpoints are read back as they were added, by age and account': async (store) => {
    await withAccount(store);
    const full = plain({
      id: 'we_2',
      events: ['*'],
      description: 'a "shop"',
      previous: { secret: makeSecret(new Uint8Array(64).fill(2)), until: NOW + 1 },
      createdAt: NOW - 1,
      hearsAfter: 0,
      failingSince: NOW + 2,
      disabled: { at: NOW + 3, reason: 'gone' },
    });
    const other = plain({ id: 'we_3', account: 'other', hearsAfter: 2 ** 40 });
    for (const one of [plain(), full, other]) assert.equal(await store.addWebhook(one, 9), 'added');
    assert.deepEqual(await store.webhooks('lab'), [full, plain()]);
    assert.deepEqual((await store.webhooks()).map(keysOf), [full, plain(), other].map(keysOf));
    assert.deepEqual(await store.webhook('we_2'), full);
    assert.equal(await store.webhook('we_9'), undefined);
  },
  'an account has at most the given number of endpoints': async (store) => {
    await withAccount(store);
    const add = (id: string, account = 'lab') => store.addWebhook(plain({ id, account }), 2);
    assert.deepEqual([await add('a'), await add('b'), await add('c')], ['added', 'added', 'full']);
    assert.equal(await add('d', 'other'), 'added');
    assert.equal(await store.webhook('c'), undefined);
  },
  'updates of an endpoint happen one after the other, and none is lost': async (store) => {
    await withAccount(store);
    await store.addWebhook(plain({ failingSince: 0 }), 9);
    const raise = (one: WebhookEndpoint) => ({ ...one, failingSince: (one.failingSince ?? 0) + 1 });
    await Promise.all(Array.from({ length: 9 }, () => store.updateWebhook('we_1', raise)));
    assert.equal((await store.webhook('we_1'))?.failingSince, 9);
    const plainAgain = ({ failingSince: _, ...one }: WebhookEndpoint): WebhookEndpoint => one;
    assert.deepEqual(await store.updateWebhook('we_1', plainAgain), plain());
    assert.deepEqual(await store.webhook('we_1'), plain());
    assert.equal(await store.updateWebhook('we_9', raise), undefined);
  },
  'an endpoint is deleted with its deliveries': async (store) => {
    await withAccount(store);
    await store.addWebhook(plain(), 9);
    const delivery = { kind: 'webhook', account: 'lab', type: 'x', iccid: '', createdAt: NOW } as const;
    for (const target of ['we_1', 'we_2']) await store.addDelivery({ ...delivery, target });
    assert.equal(await store.deleteWebhook('other', 'we_1'), 'unknown');
    assert.notEqual(await store.webhook('we_1'), undefined);
    assert.equal((await store.deliveries({ kind: 'webhook', target: 'we_1', count: 9 })).items.length, 1);
    assert.equal(await store.deleteWebhook('lab', 'we_1'), 'deleted');
    assert.equal(await store.deleteWebhook('lab', 'we_1'), 'unknown');
    assert.equal(await store.webhook('we_1'), undefined);
    assert.deepEqual((await store.deliveries({ kind: 'webhook', target: 'we_1', count: 9 })).items, []);
    assert.equal((await store.deliveries({ kind: 'webhook', target: 'we_2', count: 9 })).items.length, 1);
  },
};
