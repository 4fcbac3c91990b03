import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RestTest, restTest } from '../testing/rest.harness.ts';

const URL_ = '/api/v1/esim/operators/shop/deliveries';

async function operatorOf({ store }: RestTest, account: string, isNotified = true): Promise<void> {
  await store.deleteOperator('shop');
  await store.addOperator({
    name: 'shop',
    account,
    identity: { certificateSha256: new Uint8Array(32) },
    requesterIdentifiers: ['shop'],
    createdAt: 0,
    ...(isNotified && { progress: { url: 'https://shop.example.com', style: 'standard', from: 0 } as const }),
  });
}

async function failedDelivery({ store }: RestTest, account: string): Promise<number> {
  const delivery = await store.addDelivery({
    kind: 'es2',
    target: 'shop',
    account,
    eventId: 17,
    type: 'profile.installed',
    iccid: '8900101000000000017',
    createdAt: 1000,
  });
  await store.settleDelivery(delivery, {
    state: 'failed',
    nextAttemptAt: 0,
    lastStatus: 500,
    lastError: 'answered 500',
  });
  return delivery.id;
}

test('the deliveries to an operator are listed newest first, page by page, with their state and reason', async () => {
  await using api = await restTest();
  await operatorOf(api, 'anna');
  const ids = [await failedDelivery(api, 'anna'), await failedDelivery(api, 'anna')];
  const first = (await api.call(`${URL_}?count=1`)).json();
  assert.deepEqual([first.deliveries[0].id, first.more], [ids[1], true]);
  assert.equal(first.deliveries[0].last_error, 'answered 500');
  const second = (await api.call(`${URL_}?count=1&cursor=${first.next_cursor}`)).json();
  assert.deepEqual([second.deliveries[0].id, second.more, second.next_cursor], [ids[0], false, undefined]);
  assert.deepEqual((await api.call(`${URL_}?state=pending`)).json().deliveries, []);
});

test('a replay is a new delivery of the same event, and is in the audit log', async () => {
  await using api = await restTest();
  await operatorOf(api, 'anna');
  const id = await failedDelivery(api, 'anna');
  const answer = await api.post(`${URL_}/${id}/replay`, undefined);
  assert.equal(answer.statusCode, 202, answer.body);
  const { id: again, event_id: eventId, state, iccid } = answer.json();
  assert.deepEqual([eventId, state, iccid], [17, 'pending', '8900101000000000017']);
  assert.notEqual(again, id);
  const [entry] = (await api.store.auditEntries({ account: 'anna', count: 1 })).items;
  assert.equal(entry?.operation, 'replayOperatorDelivery');
  assert.deepEqual(entry?.targets, ['shop', String(id)]);

  const pending = await api.post(`${URL_}/${again}/replay`, undefined);
  assert.deepEqual([pending.statusCode, pending.json().code], [409, 'delivery_pending']);
  await operatorOf(api, 'anna', false);
  const unsent = await api.post(`${URL_}/${id}/replay`, undefined);
  assert.deepEqual([unsent.statusCode, unsent.json().code], [409, 'operator_not_notified']);
});

test('an operator of another account is not found, and its earlier deliveries stay with the account that had them', async () => {
  await using api = await restTest();
  await operatorOf(api, 'bert');
  const id = await failedDelivery(api, 'bert');
  for (const answer of [await api.call(URL_), await api.post(`${URL_}/${id}/replay`, undefined)])
    assert.deepEqual([answer.statusCode, answer.json().code], [404, 'operator_not_found']);
  await operatorOf(api, 'anna');
  assert.deepEqual((await api.call(URL_)).json().deliveries, []);
  const foreign = await api.post(`${URL_}/${id}/replay`, undefined);
  assert.deepEqual([foreign.statusCode, foreign.json().code], [404, 'delivery_not_found']);
});
