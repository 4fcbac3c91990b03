import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sendNotifications } from '@esim-rsp/euicc';
import {
  addUpstream,
  endOf,
  type Gateway,
  mustAgree,
  once,
  profileAt,
  refusedWith,
  startGateway,
  stockAt,
} from '../../harness/gateway/two-servers.ts';
import { downloadBy, newPhone, nextEid } from '../../harness/phone.ts';
import { subscription } from '../../harness/profiles.ts';
import { qrTextOf } from '../../harness/read-qr-code.ts';

let servers: Gateway;
before(async () => {
  servers = await startGateway();
  await addUpstream(servers, 'vendor');
});
after(() => servers[Symbol.asyncDispose]());

const stocked = async () => (await stockAt(servers, 'vendor'))[0] ?? assert.fail();

test('a phone downloads from the vendor with the QR code of the gateway', async () => {
  const { gateway, vendor } = servers;
  const iccid = await stocked();
  const { data: ordered } = await gateway.api.orderEUICCProfile(iccid, {}, once);
  assert.deepEqual([ordered.state, ordered.smdp_address], ['RELEASED', vendor.smdpAddress]);
  await mustAgree(servers, iccid, 'RELEASED');
  const png = Buffer.from(await (await gateway.api.getQRCode(iccid)).data.arrayBuffer());
  const code = qrTextOf(png) ?? assert.fail('there is no QR code');
  assert.equal(code, ordered.activation_code);
  assert.equal(code, (await profileAt(vendor, iccid)).activation_code);
  await using phone = await newPhone(vendor);
  await downloadBy(phone, code);
  await sendNotifications(phone.env);
  assert.equal((await profileAt(vendor, iccid)).state, 'INSTALLED');
});

test('each step of an order is the same at both: reserve, confirm, release, cancel, and again', async () => {
  const { api } = servers.gateway;
  const iccid = await stocked();
  const eid = nextEid();
  await api.orderEUICCProfile(iccid, { confirm: false, eid }, once);
  await mustAgree(servers, iccid, 'LINKED');
  await api.confirmEUICCProfile(iccid, { release: false, confirmation_code: '1234' }, once);
  await mustAgree(servers, iccid, 'CONFIRMED');
  await api.releaseEUICCProfile(iccid, once);
  await mustAgree(servers, iccid, 'RELEASED');
  const { data: first } = await api.getEUICCProfile(iccid);
  await api.replaceEUICCProfile(iccid, {}, once);
  await mustAgree(servers, iccid, 'RELEASED');
  const { data: second } = await api.getEUICCProfile(iccid);
  assert.notEqual(second.matching_id, first.matching_id);
  await api.cancelEUICCProfile(iccid, {}, once);
  await mustAgree(servers, iccid, 'AVAILABLE');
  await api.orderEUICCProfile(iccid, { matching_id: 'OURS-1' }, once);
  await mustAgree(servers, iccid, 'RELEASED');
  await api.cancelEUICCProfile(iccid, { final_state: 'UNAVAILABLE' }, once);
  await mustAgree(servers, iccid, 'UNAVAILABLE');
  const { data } = await api.listOperations({ iccid });
  assert.deepEqual(
    data.operations.map(({ operation, state }) => `${operation} ${state}`).toReversed(),
    ['order', 'confirm', 'release', 'replace', 'cancel', 'order', 'cancel'].map((kind) => `${kind} done`),
  );
});

test('an order of a type takes a profile of the vendor, and its events say what was requested', async () => {
  const { api } = servers.gateway;
  await stockAt(servers, 'vendor', 2, 'travel');
  const orders = await Promise.all(
    [1, 2].map(() => api.orderEUICCProfileOfType({ profile_type: 'travel' }, once)),
  );
  assert.equal(new Set(orders.map(({ data }) => data.iccid)).size, 2);
  for (const { data } of orders) await mustAgree(servers, data.iccid, 'RELEASED');
  await assert.rejects(
    api.orderEUICCProfileOfType({ profile_type: 'travel' }, once),
    refusedWith('out_of_stock', /stock more/),
  );
  const { data } = await api.getEUICCProfileHistory(orders[0]?.data.iccid ?? '');
  assert.deepEqual(
    data.events.map(({ type }) => type),
    ['profile.created', 'profile.ordered', 'profile.released', 'operation.done'],
  );
  assert.equal(new Set(data.events.slice(1).map(({ operation }) => operation)).size, 1);
});

test('a caller that does not wait gets 202, the profile as it is, and the address of the operation', async () => {
  const { api } = servers.gateway;
  const iccid = await stocked();
  const options = { ...once, headers: { prefer: 'wait=0' } };
  const { status, data, headers } = await api.orderEUICCProfile(iccid, {}, options);
  assert.equal(status, 202);
  const { id = '', operation, attempts } = data.pending_operation ?? {};
  assert.deepEqual([data.state, operation], ['AVAILABLE', 'order']);
  assert.ok(attempts !== undefined && attempts < 2);
  assert.equal(new Headers(headers as HeadersInit).get('location'), `/api/v1/esim/operations/${id}`);
  const end = await endOf(servers.gateway, id);
  assert.deepEqual([end.state, end.call, end.iccid], ['done', 'confirmOrder', iccid]);
  await mustAgree(servers, iccid, 'RELEASED');
});

test('a refusal has the codes and the text of the vendor, and nothing has changed', async () => {
  const { gateway, vendor } = servers;
  const iccid = await stocked();
  await vendor.api.retireEUICCProfile(iccid);
  await assert.rejects(
    gateway.api.orderEUICCProfile(iccid, {}, once),
    refusedWith('upstream_refused', /refuses downloadOrder \(8\.2\.1\/3\.3\) for \d{19}: .*AVAILABLE/),
  );
  assert.equal((await profileAt(gateway, iccid)).state, 'AVAILABLE');
  await vendor.api.resetEUICCProfile(iccid);
  await gateway.api.orderEUICCProfile(iccid, {}, once);
  await mustAgree(servers, iccid, 'RELEASED');
});

test('a MatchingID that both have is each its own', async () => {
  const { gateway, vendor } = servers;
  const iccid = await stocked();
  const own = await gateway.api.createEUICCProfile({ parameters: subscription() });
  await gateway.api.orderEUICCProfile(own.data.iccid, { matching_id: 'SAME-1' });
  await gateway.api.orderEUICCProfile(iccid, { matching_id: 'SAME-1' }, once);
  await mustAgree(servers, iccid, 'RELEASED');
  await using phone = await newPhone(vendor);
  await downloadBy(phone, (await profileAt(gateway, iccid)).activation_code);
  await sendNotifications(phone.env);
  assert.equal((await profileAt(vendor, iccid)).state, 'INSTALLED');
  assert.equal((await profileAt(gateway, own.data.iccid)).state, 'RELEASED');
});
