import assert from 'node:assert/strict';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { test } from 'node:test';
import {
  callTo,
  coreOf,
  coreServer,
  mustBeSilent,
  type Received,
  subscription,
} from '../testing/core.harness.ts';
import { push } from './push.ts';

const secret = `whsec_${Buffer.alloc(32, 'a secret ').toString('base64')}`;

/** As the guide says that a receiver verifies a message. */
function isGenuine({ headers, text }: Received): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const [id, timestamp] = [headers['webhook-id'], headers['webhook-timestamp']];
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${text}`).digest();
  const signatures = String(headers['webhook-signature']).split(' ');
  return signatures.some((one) => timingSafeEqual(expected, Buffer.from(one.replace(/^v1,/, ''), 'base64')));
}

test('a receiver gets signed messages with the whole subscription', async () => {
  await using server = await coreServer(() => ({ status: 204 }));
  const call = callTo(coreOf('push', `${server.url}/hook`, { credentials: { secret } }));
  await push.put(call, subscription);
  await push.put(call, subscription);
  await push.remove(call, subscription.imsi);
  const [first, again, removal] = server.received;
  assert.ok(first && again && removal);
  assert.ok([first, again, removal].every((one) => one.call === 'POST /hook' && isGenuine(one)));
  assert.ok(!isGenuine({ ...first, text: first.text.replace('iot', 'any') }));
  assert.ok(Math.abs(Number(first.headers['webhook-timestamp']) - Date.now() / 1000) < 60);
  assert.match(String(first.headers['webhook-id']), /^core_7_[0-9a-f]{16}$/);
  assert.equal(again.headers['webhook-id'], first.headers['webhook-id']);
  assert.notEqual(removal.headers['webhook-id'], first.headers['webhook-id']);
  assert.deepEqual(first.body, {
    type: 'subscription.add',
    data: {
      iccid: '8988201000000000017',
      imsi: '001010000000001',
      msisdn: '15550100',
      algorithm: 'milenage',
      ki: '465b5ce8b199b49faa5f0a2ee238a6bc',
      opc: 'cd63cb71954a9f4e48a5994e37a02baf',
      amf: '9001',
      sqn: 32,
      apn: 'iot',
      sst: 1,
      sd: '010203',
      ambr_downlink_mbps: 50,
      ambr_uplink_mbps: 5,
    },
  });
  assert.deepEqual(removal.body, { type: 'subscription.remove', data: { imsi: subscription.imsi } });
});

test('a receiver that takes no message, or is in a private network, gets it later', async () => {
  await using server = await coreServer(() => ({ status: 503 }));
  const core = coreOf('push', server.url, { credentials: { secret } });
  await assert.rejects(push.put(callTo(core), subscription), (error) => {
    assert.match((error as Error).message, /did not take the message: it answered 503/);
    return mustBeSilent(error);
  });
  server.received.splice(0);
  const call = callTo(core, { allowPrivate: false });
  await assert.rejects(push.put(call, subscription), /the host is in a private network/);
  assert.deepEqual(server.received, []);
});
