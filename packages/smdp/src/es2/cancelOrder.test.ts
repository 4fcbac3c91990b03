import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { downloaded } from '../es9/download.testdata.ts';
import { orderOf, type Profile } from '../state/profile.ts';
import { type CancelOrderRequest, cancelOrder } from './cancelOrder.ts';
import {
  account,
  allocated,
  available,
  confirmed,
  decided,
  eid,
  env,
  iccid,
  installed,
  linked,
  noMatchingId,
  otherEid,
  refused,
  released,
} from './orders.harness.ts';

const { matchingId } = released.order;
const cancel = (profile: Profile | undefined, input: Partial<CancelOrderRequest> = {}) =>
  cancelOrder.decide(
    { account, iccid, finalProfileStatusIndicator: 'Available', ...input },
    { profile, content: undefined },
    env,
  );

test('an order that nobody has downloaded is cancelled, and nothing of it is left', async () => {
  const asked = { downloadOrder: 'a call' as never };
  for (const [profile, input] of [
    [allocated, {}],
    [linked, { eid }],
    [confirmed, { matchingId }],
    [
      { ...released, binding: downloaded.binding, calls: asked },
      { matchingId, eid },
    ],
  ] as const) {
    const { profile: back } = await decided(cancel(profile, input));
    assert.equal(back.state, 'AVAILABLE');
    for (const member of ['order', 'eid', 'binding', 'calls']) assert.ok(!(member in back), member);
  }
  const { profile } = await decided(cancel(allocated, { finalProfileStatusIndicator: 'Unavailable' }));
  assert.equal(profile.state, 'UNAVAILABLE');
});

test('an order that is found by its EID has an empty MatchingID, which may be left out', async () => {
  const waiting = { ...released, order: { ...released.order, matchingId: noMatchingId, eid } };
  for (const input of [{ eid }, { eid, matchingId: noMatchingId }])
    assert.equal((await decided(cancel(waiting, input))).profile.state, 'AVAILABLE');
});

test('it is refused in the order of the specification', () => {
  const other = parseMatchingId('OTHER');
  const forOneEid = { ...released, order: { ...released.order, eid } };
  assert.equal(
    refused(() => cancel(undefined)),
    '8.2.1/3.9',
  );
  assert.equal(
    refused(() => cancel({ ...allocated, account: 'other' })),
    '8.2.1/3.9',
  );
  assert.equal(
    refused(() => cancel(linked)),
    '8.1.1/2.2',
  );
  assert.equal(
    refused(() => cancel(forOneEid, { matchingId: other })),
    '8.1.1/2.2',
  );
  assert.equal(
    refused(() => cancel(linked, { eid: otherEid })),
    '8.1.1/3.10',
  );
  assert.equal(
    refused(() => cancel(allocated, { eid })),
    '8.1.1/3.10',
  );
  assert.equal(
    refused(() => cancel(forOneEid, { eid })),
    '8.2.6/2.2',
  );
  assert.equal(
    refused(() => cancel(confirmed, { matchingId: other })),
    '8.2.6/3.10',
  );
  assert.equal(
    refused(() => cancel(allocated, { matchingId })),
    '8.2.6/3.10',
  );
  for (const profile of [downloaded, installed])
    assert.equal(
      refused(() => cancel(profile, { matchingId })),
      '8.2.1/3.3',
    );
  assert.equal(
    refused(() => cancel(available, { eid, matchingId })),
    '8.2.1/3.3',
  );
});

test('the same call again is answered as the first time, another one finds no order', async () => {
  const input = { matchingId, functionCallIdentifier: 'call 1' };
  const { profile } = await decided(cancel(released, input), 'operator');
  assert.equal(orderOf(profile), undefined);
  assert.deepEqual(await decided(cancel(profile, input)), { profile, saved: false });
  assert.equal(
    refused(() => cancel(profile, { ...input, functionCallIdentifier: 'call 2' })),
    '8.2.1/3.3',
  );
});
