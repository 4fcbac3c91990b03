import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sendNotifications } from '@esim-rsp/euicc';
import { ApiError, type UpstreamOperation } from '@esim-rsp/sdk';
import type { FaultProxy } from '../../harness/gateway/fault-proxy.ts';
import {
  addUpstream,
  endOf,
  type Gateway,
  iccidsOf,
  mustAgree,
  noWait,
  once,
  profileAt,
  startGateway,
  startVendorProxy,
  typeAt,
} from '../../harness/gateway/two-servers.ts';
import { downloadBy, newPhone, nextEid } from '../../harness/phone.ts';
import { type ServerProcess, sameAddresses, startServer } from '../../harness/server.ts';

let servers: Gateway;
let proxy: FaultProxy;
before(async () => {
  servers = await startGateway();
  proxy = await startVendorProxy(servers);
  const members = { url: proxy.url, ca: proxy.ca, timeout_seconds: 2 };
  await addUpstream(servers, 'repeats', members);
  await addUpstream(servers, 'forgets', { ...members, repeats_answers: false });
});
after(async () => {
  await proxy[Symbol.asyncDispose]();
  await servers[Symbol.asyncDispose]();
});

async function orderWithoutWaiting({ api }: ServerProcess, profileType: string): Promise<string> {
  const { status, data } = await api.orderEUICCProfileOfType({ profile_type: profileType }, noWait);
  assert.deepEqual([status, data.iccid, data.profile_type], [202, '', profileType]);
  return data.pending_operation?.id ?? assert.fail();
}

async function until(
  { api }: ServerProcess,
  id: string,
  isSo: (operation: UpstreamOperation) => boolean,
): Promise<UpstreamOperation> {
  for (let tries = 0; tries < 600; tries++) {
    const { data } = await api.getOperation(id);
    if (isSo(data)) return data;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return assert.fail('it does not come to that');
}

/** The first call of the function that has an order of a type fails in this way. */
function failOnce(name: string, fault: 'lost' | 'hang' | 'garbage' | 'reset'): void {
  let isFirst = true;
  proxy.fault = (call) => {
    if (call.name !== name || !isFirst) return undefined;
    isFirst = false;
    return fault;
  };
}

const callsOf = (profileType: string) =>
  proxy.calls.filter(({ body }) => body.profileType === `VENDOR-${profileType}`);

test('the vendor chooses the profile, which exists here from its answer on, and a phone downloads it', async () => {
  const { gateway, vendor } = servers;
  const type = await typeAt(servers, 'repeats');
  const { status, data } = await gateway.api.orderEUICCProfileOfType({ profile_type: type }, once);
  const { iccid, state, imsi, upstream, profile_type, smdp_address } = data;
  assert.deepEqual(
    [status, state, imsi, upstream, profile_type, smdp_address],
    [200, 'RELEASED', '', 'repeats', type, vendor.smdpAddress],
  );
  await mustAgree(servers, iccid, 'RELEASED');
  const history = await gateway.api.getEUICCProfileHistory(iccid);
  assert.deepEqual(
    history.data.events.map((event) => event.type),
    ['profile.created', 'profile.ordered', 'profile.released', 'operation.done'],
  );
  await using phone = await newPhone(vendor);
  await downloadBy(phone, data.activation_code);
  await sendNotifications(phone.env);
  assert.equal((await profileAt(vendor, iccid)).state, 'INSTALLED');
});

test('an order of a type has the terms of any other: EID, code, MatchingID, reserved only', async () => {
  const { api } = servers.gateway;
  const type = await typeAt(servers, 'repeats');
  const terms = { eid: nextEid(), confirmation_code: '1234', matching_id: 'OURS-77' };
  const { data } = await api.orderEUICCProfileOfType({ profile_type: type, ...terms }, once);
  assert.equal(data.matching_id, 'OURS-77');
  await mustAgree(servers, data.iccid, 'RELEASED');
  const reserved = await api.orderEUICCProfileOfType({ profile_type: type, confirm: false }, once);
  await mustAgree(servers, reserved.data.iccid, 'ALLOCATED');
  await api.cancelEUICCProfile(reserved.data.iccid, {}, once);
  await mustAgree(servers, reserved.data.iccid, 'AVAILABLE');
  const again = await api.orderEUICCProfileOfType({ profile_type: type }, once);
  assert.equal(again.data.iccid, reserved.data.iccid, 'what is in stock is ordered first');
});

test('a vendor without stock refuses with its codes, and there is no profile', async () => {
  const { gateway } = servers;
  const type = await typeAt(servers, 'repeats', { size: 1 });
  await gateway.api.orderEUICCProfileOfType({ profile_type: type }, once);
  await assert.rejects(gateway.api.orderEUICCProfileOfType({ profile_type: type }, once), (error) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.status, error.code], [409, 'upstream_refused']);
    assert.match(error.message, /8\.2\.5\/3\.7/);
    return true;
  });
  assert.equal((await iccidsOf(gateway, type)).length, 1);
});

for (const fault of ['lost', 'hang', 'garbage', 'reset'] as const)
  test(`one profile is ordered although the first answer is ${fault}, if the vendor repeats its answers`, async () => {
    const { gateway, vendor } = servers;
    const type = await typeAt(servers, 'repeats');
    failOnce('downloadOrder', fault);
    const end = await endOf(gateway, await orderWithoutWaiting(gateway, type));
    assert.equal(end.state, 'done', JSON.stringify(end));
    const identifiers = new Set(callsOf(type).map(({ body }) => body.header.functionCallIdentifier));
    assert.deepEqual([callsOf(type).length, identifiers.size], [2, 1]);
    assert.deepEqual(await iccidsOf(gateway, type), [end.iccid]);
    assert.deepEqual(await iccidsOf(vendor, `VENDOR-${type}`), [end.iccid]);
    await mustAgree(servers, end.iccid ?? '', 'RELEASED');
  });

test('if the vendor does not, the order is listed as unknown until an admin settles it with the ICCID', async () => {
  const { gateway, vendor } = servers;
  const { api } = gateway;
  const type = await typeAt(servers, 'forgets');
  failOnce('downloadOrder', 'lost');
  const id = await orderWithoutWaiting(gateway, type);
  const unknown = await until(gateway, id, ({ state }) => state === 'unknown');
  assert.deepEqual(
    [unknown.next_attempt_at, unknown.profile_type, unknown.iccid],
    [undefined, type, undefined],
  );
  const listed = (await api.listOperations({ state: 'unknown' })).data.operations;
  assert.deepEqual(
    listed.map((one) => one.id),
    [id],
  );
  assert.equal(callsOf(type).length, 1);
  await assert.rejects(api.settleOperation(id, { outcome: 'done' }, once), /send the ICCID/);
  const [iccid = ''] = await iccidsOf(vendor, `VENDOR-${type}`);
  await api.settleOperation(id, { outcome: 'done', iccid }, once);
  const end = await endOf(gateway, id);
  assert.deepEqual([end.state, end.iccid], ['done', iccid]);
  await mustAgree(servers, iccid, 'RELEASED');
  const { data } = await api.listAudit({ operation: 'settleOperation' });
  assert.ok(data.entries.some(({ targets = [] }) => targets.includes(id)));
});

test('or as not done, and nothing exists here', async () => {
  const { gateway } = servers;
  const type = await typeAt(servers, 'forgets');
  failOnce('downloadOrder', 'lost');
  const id = await orderWithoutWaiting(gateway, type);
  await until(gateway, id, ({ state }) => state === 'unknown');
  await gateway.api.settleOperation(id, { outcome: 'not_done' }, once);
  assert.equal((await endOf(gateway, id)).state, 'refused');
  assert.deepEqual(await iccidsOf(gateway, type), []);
});

test('a vendor that answers with an ICCID twice fails the second order, which names it and changes nothing', async () => {
  const { gateway } = servers;
  const { api } = gateway;
  const type = await typeAt(servers, 'repeats');
  const { data: first } = await api.orderEUICCProfileOfType({ profile_type: type }, once);
  proxy.answer = ({ name }, body) =>
    name === 'downloadOrder' ? JSON.stringify({ ...JSON.parse(body), iccid: first.iccid }) : body;
  await assert.rejects(api.orderEUICCProfileOfType({ profile_type: type }, once), (error) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.status, error.code], [409, 'upstream_answer_unusable']);
    assert.match(error.message, new RegExp(`${first.iccid}, which exists here already`));
    return true;
  });
  proxy.answer = (_call, body) => body;
  const { operations } = (await api.listOperations({ state: 'failed' })).data;
  assert.deepEqual(
    operations.map(({ profile_type, iccid }) => [profile_type, iccid]),
    [[type, undefined]],
  );
  assert.deepEqual((await profileAt(gateway, first.iccid)).activation_code, first.activation_code);
  await mustAgree(servers, first.iccid, 'RELEASED');
});

test('a MatchingID of the vendor is kept byte for byte', async () => {
  const { gateway } = servers;
  const type = await typeAt(servers, 'repeats');
  proxy.answer = ({ name }, body) =>
    name === 'confirmOrder' ? JSON.stringify({ ...JSON.parse(body), matchingId: 'aZ_ ~é.09' }) : body;
  const { data } = await gateway.api.orderEUICCProfileOfType({ profile_type: type }, once);
  proxy.answer = (_call, body) => body;
  assert.equal(data.matching_id, 'aZ_ ~é.09');
  assert.ok(data.activation_code.endsWith('$aZ_ ~é.09'));
});

test('a server that is killed between the answer and its save orders no second profile', async () => {
  const { vendor, identity, ca } = servers;
  const first = await startServer({ ESIM_UPSTREAM_ALLOW_PRIVATE: '1' });
  const own = { vendor, identity, ca, gateway: first } as unknown as Gateway;
  const members = { url: proxy.url, ca: proxy.ca };
  await addUpstream(own, 'repeats', members);
  await addUpstream(own, 'forgets', { ...members, repeats_answers: false });
  const types = [await typeAt(own, 'repeats'), await typeAt(own, 'forgets')] as const;
  let held = 0;
  proxy.fault = ({ name }) => {
    if (name !== 'downloadOrder') return undefined;
    held++;
    return 'hang';
  };
  const ids = [
    await orderWithoutWaiting(first, types[0]),
    await orderWithoutWaiting(first, types[1]),
  ] as const;
  while (held < 2 || (await iccidsOf(vendor, `VENDOR-${types[1]}`)).length === 0)
    await new Promise((resolve) => setTimeout(resolve, 20));
  await first.kill();
  proxy.fault = () => undefined;
  await using again = await startServer({
    ESIM_UPSTREAM_ALLOW_PRIVATE: '1',
    ESIM_DATA_DIR: first.dataDir,
    ...sameAddresses(first),
  });
  const end = await endOf(again, ids[0]);
  assert.deepEqual([end.state, await iccidsOf(vendor, `VENDOR-${types[0]}`)], ['done', [end.iccid]]);
  const unknown = await until(again, ids[1], ({ state }) => state === 'unknown');
  assert.match(unknown.error?.message ?? '', /second profile/);
  assert.equal(callsOf(types[1]).length, 1);
  assert.equal((await iccidsOf(vendor, `VENDOR-${types[1]}`)).length, 1);
});
