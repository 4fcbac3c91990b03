import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { ProfileEvent } from '@esim-rsp/smdp/state/event';
import type { OperatorProgress } from '../store/ports/operators.ts';
import type { ServerStore } from '../store/ports/server-store.ts';
import { makeSecret } from '../store/ports/webhook-secret.ts';
import { openMemoryStore } from '../store/sqlite/memory.harness.ts';
import type { Channel } from './channel.ts';
import { progressChannel } from './es2/channel.ts';
import { fanOut } from './fan-out.ts';
import { webhookChannel } from './webhooks/channel.ts';

const event = (type: ProfileEvent['type'], account = 'mine'): ProfileEvent => ({
  type,
  account,
  iccid: parseIccid('8900101000000000017'),
  at: 1_700_000_000_000,
  actor: { kind: 'operator' },
  to: 'RELEASED',
});

/** Wants one type only, or all. */
function channel(kind: Channel['kind'], wanted: Readonly<Record<string, string>>): Channel {
  return {
    kind,
    subscribers: async () =>
      Object.entries(wanted).map(([target, type]) => ({
        target,
        account: target.split('/')[0] ?? '',
        matches: (one) => type === '*' || one.type === type,
      })),
    send: async () => assert.fail(),
  };
}

test('an event goes to every subscriber of its account who wants it, once', async () => {
  const store = await openMemoryStore();
  await store.save(
    [event('profile.created'), event('profile.released'), event('profile.released', 'other')].map((one) => ({
      event: one,
    })),
  );
  const channels = [
    channel('webhook', {
      'mine/all': '*',
      'mine/released': 'profile.released',
      'other/error': 'profile.error',
    }),
    channel('es2', { 'mine/shop': 'profile.released', 'other/hub': '*' }),
  ];
  for (let round = 0; round < 3; round++) assert.equal(await fanOut(store, channels), false);
  const reportedTo = async (kind: Channel['kind'], target: string) =>
    (await store.deliveries({ kind, target, count: 9 })).items.map(
      ({ eventId, type }) => `${eventId} ${type}`,
    );
  assert.deepEqual(await reportedTo('webhook', 'mine/all'), ['2 profile.released', '1 profile.created']);
  assert.deepEqual(await reportedTo('webhook', 'mine/released'), ['2 profile.released']);
  assert.deepEqual(await reportedTo('webhook', 'other/error'), []);
  assert.deepEqual(await reportedTo('es2', 'mine/shop'), ['2 profile.released']);
  assert.deepEqual(await reportedTo('es2', 'other/hub'), ['3 profile.released']);
});

test('many events are taken some at a time, so that sending begins while others still happen', async () => {
  const store = await openMemoryStore();
  await store.save(Array.from({ length: 1001 }, () => ({ event: event('profile.created') })));
  const channels = [channel('webhook', { 'mine/all': '*' })];
  const rounds = [
    await fanOut(store, channels),
    await fanOut(store, channels),
    await fanOut(store, channels),
  ];
  assert.deepEqual(rounds, [true, true, false]);
  const ids = (await store.deliveries({ kind: 'webhook', target: 'mine/all', count: 2000 })).items.map(
    (one) => one.eventId,
  );
  assert.equal(new Set(ids).size, 1001);
  assert.equal(await store.fanOutPosition(), 1001);
});

test('where nobody subscribes, all events are passed over at once', async () => {
  const store = await openMemoryStore();
  await store.save(Array.from({ length: 1001 }, () => ({ event: event('profile.created') })));
  assert.equal(await fanOut(store, [channel('webhook', {}), channel('es2', {})]), false);
  assert.equal(await store.fanOutPosition(), 1001);
});

test('an event that comes while subscribers are looked up is left for the next time', async () => {
  for (const wanted of [{}, { 'mine/all': '*' }]) {
    const store = await openMemoryStore();
    await store.save([{ event: event('profile.created') }]);
    const { subscribers, ...others } = channel('webhook', wanted);
    const slow = async () => {
      const found = await subscribers();
      await store.save([{ event: event('profile.released') }]);
      return found;
    };
    await fanOut(store, [{ ...others, subscribers: slow }]);
    assert.equal(await store.fanOutPosition(), 1);
    await fanOut(store, [channel('webhook', { 'mine/all': '*' })]);
    const reported = (await store.deliveries({ kind: 'webhook', target: 'mine/all', count: 9 })).items;
    assert.ok(reported.some(({ eventId }) => eventId === 2));
  }
});

const EARLIER = 1_700_000_000_000;
const LATER = EARLIER + 3_600_000;

/** A webhook and an operator that were stored at a late time, and `after` an event. */
async function subscribe(store: ServerStore, since: Pick<OperatorProgress, 'after'>): Promise<void> {
  await store.addAccount({ id: 'mine', name: 'Mine', createdAt: 1 });
  const secret = makeSecret(new Uint8Array(24));
  const hook = { account: 'mine', url: 'https://a.example', description: '', events: ['*'], secret } as const;
  const begin = { createdAt: LATER, hearsFrom: LATER };
  const place = since.after === undefined ? {} : { hearsAfter: since.after };
  await store.addWebhook({ id: 'we_1', ...hook, ...begin, ...place }, 9);
  await store.addOperator({
    name: 'shop',
    account: 'mine',
    identity: { certificateSha256: new Uint8Array(32) },
    requesterIdentifiers: ['shop'],
    createdAt: 1,
    progress: { url: 'https://b.example', style: 'standard', from: LATER, ...since },
  });
}

/** The numbers of the events that each of them receives. */
async function deliveredTo(store: ServerStore) {
  const lookUp = () => assert.fail();
  const channels = [
    webhookChannel(store, { allowPrivate: false, lookUp, version: '1' }),
    progressChannel(store, { caller: '1.2', lookUp }),
  ];
  await fanOut(store, channels);
  const idsOf = async (kind: Channel['kind'], target: string) =>
    (await store.deliveries({ kind, target, count: 9, sort: 'oldest' })).items.map(({ eventId }) => eventId);
  return { webhook: await idsOf('webhook', 'we_1'), operator: await idsOf('es2', 'shop') };
}

const at = (time: number) => ({ event: { ...event('profile.downloaded'), at: time, point: 3 as const } });

test('after the clock was set back to before a subscription, its later events are sent, and none from before', async () => {
  const store = await openMemoryStore();
  await store.save([at(LATER + 1)]);
  await subscribe(store, { after: await store.lastEventId() });
  await store.save([at(EARLIER), at(LATER + 2)]);
  assert.deepEqual(await deliveredTo(store), { webhook: [2, 3], operator: [2, 3] });
});

test('a subscription that an earlier release has stored receives the events since its time', async () => {
  const store = await openMemoryStore();
  await store.save([at(LATER - 1)]);
  await subscribe(store, {});
  await store.save([at(LATER), at(LATER + 1)]);
  assert.deepEqual(await deliveredTo(store), { webhook: [2, 3], operator: [2, 3] });
});

test('a delivery is due at once, also if the clock was set back after its event', async () => {
  const store = await openMemoryStore();
  const ahead = { ...event('profile.released'), at: Date.now() + 3_600_000 };
  await store.save([{ event: ahead }]);
  await fanOut(store, [channel('webhook', { 'mine/all': '*' })]);
  const { items } = await store.deliveries({ kind: 'webhook', target: 'mine/all', count: 9 });
  assert.ok(items[0] !== undefined && items[0].nextAttemptAt <= Date.now());
  assert.equal(items[0].createdAt, items[0].nextAttemptAt);
});
