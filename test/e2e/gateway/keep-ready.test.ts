import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sendNotifications } from '@esim-rsp/euicc';
import type { UpstreamType } from '@esim-rsp/sdk';
import type { FaultProxy } from '../../harness/gateway/fault-proxy.ts';
import {
  addUpstream,
  type Gateway,
  iccidsOf,
  mustAgree,
  once,
  profileAt,
  refusedWith,
  startGateway,
  startVendorProxy,
  stockAt,
  typeAt,
} from '../../harness/gateway/two-servers.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';

let servers: Gateway;
let proxy: FaultProxy;
before(async () => {
  servers = await startGateway();
  proxy = await startVendorProxy(servers);
  await addUpstream(servers, 'vendor', { url: proxy.url, ca: proxy.ca, timeout_seconds: 2, concurrency: 2 });
  await addUpstream(servers, 'forgets', {
    url: proxy.url,
    ca: proxy.ca,
    concurrency: 2,
    repeats_answers: false,
  });
});
after(async () => {
  await proxy[Symbol.asyncDispose]();
  await servers[Symbol.asyncDispose]();
});

async function typeWhen(
  profileType: string,
  isSo: (type: UpstreamType) => boolean,
  upstream = 'vendor',
): Promise<UpstreamType> {
  let last: UpstreamType | undefined;
  for (let tries = 0; tries < 300; tries++) {
    const { types } = (await servers.gateway.api.listUpstreamTypes(upstream)).data;
    last = types.find(({ profile_type }) => profile_type === profileType) ?? assert.fail();
    if (isSo(last)) return last;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail(`it does not come to that: ${JSON.stringify(last)}`);
}

/** Waits until the gateway and the vendor have a profile in these states. */
async function statesAt(iccid: string, here: string, there: string): Promise<void> {
  const read = async () => [
    (await profileAt(servers.gateway, iccid)).state,
    (await profileAt(servers.vendor, iccid)).state,
  ];
  let states = await read();
  for (let tries = 0; tries < 300 && states.join() !== [here, there].join(); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    states = await read();
  }
  assert.deepEqual(states, [here, there]);
}

const order = (profile_type: string, terms: object = {}) =>
  servers.gateway.api.orderEUICCProfileOfType({ profile_type, ...terms }, once);

test('below the mark a batch is reserved, and an order takes one that is ready without a call', async () => {
  const { gateway, vendor } = servers;
  const type = await typeAt(servers, 'vendor', { keep_ready: 2, batch: 3 });
  const full = await typeWhen(type, ({ ready, reserving }) => ready >= 4 && reserving === 0);
  assert.deepEqual([full.ready, full.last_error], [4, undefined]);
  const reserved = await iccidsOf(vendor, `VENDOR-${type}`);
  assert.deepEqual(await iccidsOf(gateway, type), reserved);
  for (const iccid of reserved) {
    const [here, there] = [await profileAt(gateway, iccid), await profileAt(vendor, iccid)];
    assert.deepEqual([here.state, here.activation_code, there.state], ['AVAILABLE', '', 'RELEASED']);
  }
  proxy.fault = () => 'forbidden';
  const { status, data } = await order(type);
  assert.deepEqual([status, data.state, reserved.includes(data.iccid)], [200, 'RELEASED', true]);
  await mustAgree(servers, data.iccid, 'RELEASED');
  await order(type);
  assert.equal((await typeWhen(type, () => true)).ready, 2);
  await order(type);
  proxy.fault = () => undefined;
  assert.equal((await typeWhen(type, ({ ready, reserving }) => ready >= 4 && reserving === 0)).ready, 4);
  await using phone = await newPhone(vendor);
  await downloadBy(phone, data.activation_code);
  await sendNotifications(phone.env);
  assert.equal((await profileAt(vendor, data.iccid)).state, 'INSTALLED');
});

test('orders at the same time get a profile each, ready or not', async () => {
  const { gateway, vendor } = servers;
  const type = await typeAt(servers, 'vendor', { keep_ready: 3, batch: 1 });
  await typeWhen(type, ({ ready }) => ready === 3);
  const orders = await Promise.all(Array.from({ length: 8 }, () => order(type)));
  assert.equal(new Set(orders.map(({ data }) => data.iccid)).size, 8);
  for (const { data } of orders) {
    await statesAt(data.iccid, 'RELEASED', 'RELEASED'); // on a busy machine an order is answered before the vendor has
    await mustAgree(servers, data.iccid, 'RELEASED');
  }
  await typeWhen(type, ({ ready, reserving }) => ready === 3 && reserving === 0);
  assert.deepEqual(await iccidsOf(gateway, type), await iccidsOf(vendor, `VENDOR-${type}`));
});

test('an order with an expiry takes one that is ready, and is cancelled at the vendor when it expires', async () => {
  const { vendor } = servers;
  const type = await typeAt(servers, 'vendor', { keep_ready: 1, batch: 1 });
  await typeWhen(type, ({ ready }) => ready === 1);
  const [iccid = ''] = await iccidsOf(vendor, `VENDOR-${type}`);
  proxy.fault = () => 'forbidden';
  const { data } = await order(type, { expires_at: new Date(Date.now() + 3000).toISOString() });
  assert.deepEqual([data.iccid, data.state], [iccid, 'RELEASED']);
  assert.ok(data.order_expires_at !== undefined);
  await mustAgree(servers, iccid, 'RELEASED');
  await assert.rejects(
    order(type, { profile_reuse_policy: { reuse_type: 'SAME_MID' } }),
    refusedWith('upstream_unsupported', /after its download/),
  );
  proxy.fault = () => undefined;
  await statesAt(iccid, 'ERROR', 'AVAILABLE');
  await using phone = await newPhone(vendor);
  await assert.rejects(downloadBy(phone, data.activation_code));
});

test('an order with a reuse policy takes one that is ready, if the vendor takes back orders after their download', async () => {
  await addUpstream(servers, 'generous', { url: proxy.url, ca: proxy.ca, takes_back: 'always' });
  const type = await typeAt(servers, 'generous', { keep_ready: 1, batch: 1 });
  await typeWhen(type, ({ ready }) => ready === 1, 'generous');
  proxy.fault = () => 'forbidden';
  const { data } = await order(type, { profile_reuse_policy: { reuse_type: 'SAME_MID', max_count: 2 } });
  proxy.fault = () => undefined;
  assert.deepEqual([data.state, data.reuse_enabled, data.reuse_remaining_count], ['RELEASED', true, 2]);
  await mustAgree(servers, data.iccid, 'RELEASED');
});

test('profiles of a list are reserved first', async () => {
  const iccids = await stockAt(servers, 'vendor', 3, 'listed');
  const type = { profile_type: 'listed', vendor_type: 'none', keep_ready: 3, batch: 1 };
  await servers.gateway.api.setUpstreamType('vendor', type);
  await typeWhen('listed', ({ ready }) => ready === 3);
  assert.deepEqual(await iccidsOf(servers.gateway, 'listed'), iccids.toSorted());
});

test('what is ready is given up with cancel, and for an order with other terms', async () => {
  const { api } = servers.gateway;
  const type = await typeAt(servers, 'vendor', { keep_ready: 1, batch: 1 });
  await typeWhen(type, ({ ready }) => ready === 1);
  const [iccid = ''] = await iccidsOf(servers.gateway, type);
  await assert.rejects(api.retireEUICCProfile(iccid, once), /cancel it first/);
  await api.orderEUICCProfile(iccid, { confirmation_code: '1234' }, once);
  await mustAgree(servers, iccid, 'RELEASED');
  await typeWhen(type, ({ ready }) => ready === 1);
  const other = (await iccidsOf(servers.gateway, type)).find((one) => one !== iccid) ?? assert.fail();
  await api.setUpstreamType('vendor', { profile_type: type, vendor_type: `VENDOR-${type}` });
  await api.cancelEUICCProfile(other, {}, once);
  await mustAgree(servers, other, 'AVAILABLE');
});

test('a vendor without stock is asked again later each time, and the error is shown', async () => {
  const type = await typeAt(servers, 'vendor', { size: 1, keep_ready: 2, batch: 2 });
  const { last_error, next_attempt_at } = await typeWhen(
    type,
    ({ ready, next_attempt_at: at }) => ready === 1 && at !== undefined,
  );
  assert.deepEqual([last_error?.subject_code, last_error?.reason_code], ['8.2.5', '3.7']);
  assert.ok(Date.parse(next_attempt_at ?? '') > Date.now());
  assert.equal((await order(type)).status, 200);
});

test('the server stops to reserve when as many outcomes are unknown as calls are made at a time', async () => {
  const { gateway, vendor } = servers;
  proxy.fault = ({ name }) => (name === 'downloadOrder' ? 'lost' : undefined);
  const type = await typeAt(servers, 'forgets', { keep_ready: 5, batch: 5 });
  await typeWhen(type, ({ reserving }) => reserving === 2, 'forgets');
  await new Promise((resolve) => setTimeout(resolve, 2500));
  proxy.fault = () => undefined;
  const lost = await iccidsOf(vendor, `VENDOR-${type}`);
  assert.equal(lost.length, 2);
  const unknown = (await gateway.api.listOperations({ state: 'unknown' })).data.operations;
  const operations = unknown.filter(({ profile_type }) => profile_type === type);
  assert.deepEqual([operations.length, operations[0]?.operation], [2, 'reserve']);
  await gateway.api.setUpstreamType('forgets', { profile_type: type, vendor_type: `VENDOR-${type}` });
  for (const [i, { id }] of operations.entries())
    await gateway.api.settleOperation(id, { outcome: 'done', iccid: lost[i] ?? '' }, once);
  assert.equal((await typeWhen(type, ({ ready }) => ready === 2, 'forgets')).reserving, 0);
});
