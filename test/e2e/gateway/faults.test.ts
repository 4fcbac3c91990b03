import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { UpstreamOperation } from '@esim-rsp/sdk';
import { type Fault, type FaultProxy, faults } from '../../harness/gateway/fault-proxy.ts';
import {
  addUpstream,
  endOf,
  type Gateway,
  mustAgree,
  noWait,
  once,
  operationWhen,
  profileAt,
  startGateway,
  startVendorProxy,
  stockAt,
} from '../../harness/gateway/two-servers.ts';

let servers: Gateway;
let proxy: FaultProxy;
before(async () => {
  servers = await startGateway();
  proxy = await startVendorProxy(servers);
  const members = { url: proxy.url, ca: proxy.ca, timeout_seconds: 5, concurrency: 8 };
  await addUpstream(servers, 'vendor', members);
});
after(async () => {
  await proxy[Symbol.asyncDispose]();
  await servers[Symbol.asyncDispose]();
});

/** Orders a profile without waiting; resolves to the operation. */
async function order(iccid: string): Promise<string> {
  const { data } = await servers.gateway.api.orderEUICCProfile(iccid, {}, noWait);
  return data.pending_operation?.id ?? assert.fail('the order is done already');
}

async function nextIccid(): Promise<string> {
  return (await stockAt(servers, 'vendor'))[0] ?? assert.fail();
}

/** The first call of each function about a profile fails in this way. */
function failFirst(iccid: string, fault: Fault): void {
  const failed = new Set<string>();
  proxy.fault = (call) => {
    if (call.body.iccid !== iccid || failed.has(call.name)) return undefined;
    failed.add(call.name);
    return fault;
  };
}

for (const fault of faults)
  test(`an order is done once although the first answer to each call is ${fault}`, async () => {
    const iccid = await nextIccid();
    failFirst(iccid, fault);
    const end = await endOf(servers.gateway, await order(iccid));
    assert.equal(end.state, 'done', JSON.stringify(end));
    await mustAgree(servers, iccid, 'RELEASED');
    const calls = proxy.calls.filter(({ body }) => body.iccid === iccid);
    const identifiers = Map.groupBy(calls, ({ body }) => body.header.functionCallIdentifier);
    assert.equal(identifiers.size, 2, 'each call has one identifier, however often it is sent');
    for (const same of identifiers.values())
      assert.equal(new Set(same.map(({ body }) => JSON.stringify(body))).size, 1);
  });

test('while the outcome is not known the operation says so, and the profile is not ordered again', async () => {
  const { api } = servers.gateway;
  const iccid = await nextIccid();
  proxy.fault = ({ body }) => (body.iccid === iccid ? 'lost' : undefined);
  const id = await order(iccid);
  const unknown = await operationWhen(servers.gateway, id, ({ state }) => state === 'unknown');
  assert.match(unknown.error?.message ?? '', /the connection broke/);
  const { data } = await api.listOperations({ state: 'unknown' });
  assert.deepEqual(
    data.operations.map((one) => one.id),
    [id],
  );
  const shown = await profileAt(servers.gateway, iccid);
  assert.deepEqual([shown.state, shown.pending_operation?.state], ['AVAILABLE', 'unknown']);
  for (const call of [
    () => api.orderEUICCProfile(iccid, {}, once),
    () => api.retireEUICCProfile(iccid, once),
    () => api.deleteEUICCProfile(iccid, { force: true }, once),
  ])
    await assert.rejects(call, /has not ended/);
  proxy.fault = () => undefined;
  assert.equal((await endOf(servers.gateway, id)).state, 'done');
  await mustAgree(servers, iccid, 'RELEASED');
  const { data: history } = await api.getEUICCProfileHistory(iccid, { types: 'operation.unknown' });
  assert.equal(history.events.length, 1, 'it is reported once');
});

test('an admin settles what is not known, and both agree after it', async () => {
  const { api } = servers.gateway;
  const iccid = await nextIccid();
  proxy.fault = ({ body }) => (body.iccid === iccid ? 'hang' : undefined);
  const id = await order(iccid);
  await operationWhen(servers.gateway, id, ({ state }) => state === 'unknown');
  proxy.fault = () => 'forbidden';
  const settled = await settleWhenIdle(id, 'done');
  assert.equal(settled.call, 'confirmOrder');
  proxy.fault = () => undefined;
  assert.equal((await endOf(servers.gateway, id)).state, 'done');
  await mustAgree(servers, iccid, 'RELEASED');
  const { data } = await api.listAudit({ operation: 'settleOperation' });
  assert.ok(data.entries.some(({ targets = [] }) => targets.includes(id) && targets.includes(iccid)));
});

test('a vendor with another certificate gets no call, and the order waits', async () => {
  const iccid = await nextIccid();
  proxy.fault = () => undefined;
  proxy.showOther(true);
  const id = await order(iccid);
  const waiting = await operationWhen(
    servers.gateway,
    id,
    ({ state, attempts }) => state === 'waiting' && attempts > 0,
  );
  assert.match(waiting.error?.message ?? '', /CA/);
  assert.ok(proxy.calls.every(({ body }) => body.iccid !== iccid));
  proxy.showOther(false);
  assert.equal((await endOf(servers.gateway, id)).state, 'done');
  await mustAgree(servers, iccid, 'RELEASED');
});

test('an order that waits is tried again at once when the vendor is back, by one call however many ask for it', async () => {
  const { gateway } = servers;
  const { api } = gateway;
  const iccid = await nextIccid();
  const calls = () =>
    proxy.calls.filter(({ body, name }) => body.iccid === iccid && name === 'downloadOrder').length;
  proxy.fault = () => 'forbidden';
  const id = await order(iccid);
  const waits = ({ state, attempts }: UpstreamOperation) => state === 'waiting' && attempts > 3;
  const waiting = await operationWhen(gateway, id, waits);
  const before = calls();
  proxy.fault = ({ name }) => (name === 'downloadOrder' ? 'slow' : undefined);
  const headers = { 'idempotency-key': `again-${id}` };
  const answers = await Promise.allSettled(
    [{ headers }, { headers }, {}, {}].map((options) => api.retryOperation(id, { ...once, ...options })),
  );
  assert.ok(answers.some(({ status }) => status === 'fulfilled'));
  const end = await endOf(gateway, id);
  assert.equal(end.state, 'done', JSON.stringify(end));
  const planned = waiting.next_attempt_at ?? assert.fail('the order does not wait');
  assert.ok((end.ended_at ?? '') < planned, `${end.ended_at} is before ${planned}`);
  assert.equal(calls(), before + 1);
  await mustAgree(servers, iccid, 'RELEASED');
  await assert.rejects(api.retryOperation(id, once), { status: 409, code: 'invalid_transition' });
  const { data } = await api.listAudit({ operation: 'retryOperation' });
  assert.ok(data.entries.some(({ targets = [] }) => targets.includes(id) && targets.includes(iccid)));
});

/** A call may be in progress. */
async function settleWhenIdle(id: string, outcome: 'done' | 'not_done'): Promise<UpstreamOperation> {
  for (let tries = 0; tries < 600; tries++) {
    try {
      return (await servers.gateway.api.settleOperation(id, { outcome }, once)).data;
    } catch (error) {
      assert.match(String(error), /in progress/);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail('it is always in progress');
}
