import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { UpdateUpstreamRequest, UpstreamOperation } from '@esim-rsp/sdk';
import { type FaultProxy, statusCallOf } from '../../harness/gateway/fault-proxy.ts';
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
import { nextEid } from '../../harness/phone.ts';
import { qrTextOf } from '../../harness/read-qr-code.ts';

/** What an answer of the vendor becomes on its way. */
type Rewrite = (answer: Readonly<Record<string, unknown>>, name: string) => object;
let rewrite: Rewrite = (answer) => answer;

let servers: Gateway;
/** Three vendors that our own server is behind. Two of them take a repeated call for a new one, and one of these says how far its profiles are. */
let proxies: { readonly plain: FaultProxy; readonly forgetful: FaultProxy; readonly status: FaultProxy };
before(async () => {
  servers = await startGateway();
  const statusOf = statusCallOf(servers.vendor);
  proxies = {
    plain: await startVendorProxy(servers, { rewrite: (answer, name) => rewrite(answer, name) }),
    forgetful: await startVendorProxy(servers, { forgets: true }),
    status: await startVendorProxy(servers, { forgets: true, statusOf }),
  };
  for (const [name, { url, ca }] of Object.entries(proxies))
    await addUpstream(servers, name, {
      url,
      ca,
      timeout_seconds: 5,
      repeats_answers: name === 'plain',
      ...(name === 'status' && { status_call: 'getProfileStatus' }),
    });
});
after(async () => {
  for (const proxy of Object.values(proxies)) await proxy[Symbol.asyncDispose]();
  await servers[Symbol.asyncDispose]();
});

const stocked = async (name: keyof typeof proxies) => (await stockAt(servers, name))[0] ?? assert.fail();

async function order(iccid: string, terms = {}): Promise<string> {
  const { data } = await servers.gateway.api.orderEUICCProfile(iccid, terms, noWait);
  return data.pending_operation?.id ?? assert.fail('the order is done already');
}

async function mustBeDone(id: string): Promise<UpstreamOperation> {
  const end = await endOf(servers.gateway, id);
  assert.equal(end.state, 'done', JSON.stringify(end));
  return end;
}

const namesOf = ({ calls }: FaultProxy) => calls.map(({ name }) => name);

test('a status call settles what is not known, and nothing that was done is called again', async () => {
  const { status } = proxies;
  const iccid = await stocked('status');
  status.calls.length = 0;
  let failed = '';
  status.fault = ({ name }) => {
    if (name === 'getProfileStatus' || name === failed) return undefined;
    failed = name;
    return 'lost';
  };
  await mustBeDone(await order(iccid, { eid: nextEid() }));
  await mustAgree(servers, iccid, 'RELEASED');
  await servers.gateway.api.cancelEUICCProfile(iccid, {}, once);
  await mustAgree(servers, iccid, 'AVAILABLE');
  await mustBeDone(await order(iccid, { confirm: false }));
  await servers.gateway.api.confirmEUICCProfile(iccid, { release: false }, once);
  await mustAgree(servers, iccid, 'CONFIRMED');
  await servers.gateway.api.releaseEUICCProfile(iccid, once);
  await mustAgree(servers, iccid, 'RELEASED');
  const names = [
    'downloadOrder',
    'confirmOrder',
    'cancelOrder',
    'downloadOrder',
    'confirmOrder',
    'releaseProfile',
  ];
  assert.deepEqual(
    namesOf(status).filter((name) => name !== 'getProfileStatus'),
    names,
  );
});

test('a call that the status call shows as not done is made again, and the status call may fail too', async () => {
  const { status } = proxies;
  const iccid = await stocked('status');
  status.calls.length = 0;
  status.fault = () => (['reset', 'garbage', 'forbidden'] as const)[status.calls.length - 1];
  await mustBeDone(await order(iccid));
  await mustAgree(servers, iccid, 'RELEASED');
  assert.deepEqual(namesOf(status), [
    'downloadOrder',
    ...Array<string>(3).fill('getProfileStatus'),
    'downloadOrder',
    'confirmOrder',
  ]);
});

test('where a vendor has no status call after all, the call itself is repeated', async () => {
  const { plain } = proxies;
  const iccid = await stocked('plain');
  await servers.gateway.api.updateUpstream('plain', { status_call: 'getProfileStatus' });
  plain.calls.length = 0;
  plain.fault = () => (plain.calls.length === 1 ? 'lost' : undefined);
  await mustBeDone(await order(iccid));
  await mustAgree(servers, iccid, 'RELEASED');
  assert.deepEqual(namesOf(plain), ['downloadOrder', 'getProfileStatus', 'downloadOrder', 'confirmOrder']);
  plain.fault = () => undefined;
  await servers.gateway.api.updateUpstream('plain', { status_call: 'none' });
});

test('where a vendor repeats nothing, an order stays unknown until an admin settles it, also after a restart', async () => {
  const { forgetful } = proxies;
  const iccid = await stocked('forgetful');
  forgetful.calls.length = 0;
  forgetful.fault = () => (forgetful.calls.length === 2 ? 'lost' : undefined);
  const id = await order(iccid);
  const isLeft = (one: UpstreamOperation) => one.state === 'unknown' && one.next_attempt_at === undefined;
  const left = await operationWhen(servers.gateway, id, isLeft);
  assert.deepEqual(
    [left.call, left.error],
    [
      'confirmOrder',
      { subject_code: '8.2.1', reason_code: '3.3', message: 'the upstream has sent no MatchingID' },
    ],
  );
  await servers.restartGateway();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.deepEqual(namesOf(forgetful), ['downloadOrder', 'confirmOrder', 'confirmOrder']);
  const { api } = servers.gateway;
  const { data: list } = await api.listOperations({ state: 'unknown' });
  assert.deepEqual(
    list.operations.map((one) => [one.id, one.iccid, one.upstream]),
    [[id, iccid, 'forgetful']],
  );
  await assert.rejects(api.cancelEUICCProfile(iccid, {}, once), /has not ended/);
  await assert.rejects(api.settleOperation(id, { outcome: 'done' }, once), /send the MatchingID/);

  const { matching_id = '' } = await profileAt(servers.vendor, iccid);
  const { data: settled } = await api.settleOperation(id, { outcome: 'done', matching_id }, once);
  assert.equal(settled.state, 'done');
  await mustAgree(servers, iccid, 'RELEASED');
  const { data: audit } = await api.listAudit({ operation: 'settleOperation' });
  const targets = audit.entries.map((entry) => [entry.status, entry.targets]);
  assert.deepEqual(targets, [
    [200, [id, iccid, 'forgetful', 'done']],
    [409, [id, 'done']],
  ]);
  const { data: history } = await api.getEUICCProfileHistory(iccid, {
    types: 'operation.unknown,operation.done',
  });
  assert.deepEqual(
    history.events.map(({ type }) => type),
    ['operation.unknown', 'operation.done'],
  );
});

test('an order with a MatchingID of the caller is settled by itself, also where a vendor repeats nothing', async () => {
  const { forgetful } = proxies;
  const iccid = await stocked('forgetful');
  forgetful.calls.length = 0;
  forgetful.fault = ({ name }) =>
    namesOf(forgetful).filter((one) => one === name).length === 1 ? 'lost' : undefined;
  await mustBeDone(await order(iccid, { matching_id: 'OWN-1' }));
  await mustAgree(servers, iccid, 'RELEASED');
  await servers.gateway.api.cancelEUICCProfile(iccid, {}, once);
  await mustAgree(servers, iccid, 'AVAILABLE');
});

test('a call that an admin settles as not done leaves the profile as it was', async () => {
  const { forgetful } = proxies;
  const iccid = await stocked('forgetful');
  forgetful.fault = ({ name }) => (name === 'confirmOrder' ? 'reset' : undefined);
  const id = await order(iccid);
  await operationWhen(
    servers.gateway,
    id,
    ({ state, call }) => state === 'unknown' && call === 'confirmOrder',
  );
  forgetful.fault = () => 'forbidden';
  const { api } = servers.gateway;
  const settle = async () => (await api.settleOperation(id, { outcome: 'not_done' }, once)).data;
  const { state, error } = await settle().catch(async (reason) => {
    assert.match(String(reason), /in progress/);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return settle();
  });
  assert.deepEqual(
    [state, error?.message],
    ['refused', 'an admin has settled it: the upstream has not done this call'],
  );
  forgetful.fault = () => undefined;
  await mustAgree(servers, iccid, 'ALLOCATED');
  await api.cancelEUICCProfile(iccid, {}, once);
  await mustAgree(servers, iccid, 'AVAILABLE');
});

/** Changes the settings of the vendor without faults, and orders a profile of it. */
async function orderWith(settings: UpdateUpstreamRequest, change: Rewrite, terms = {}): Promise<string> {
  const { api } = servers.gateway;
  const iccid = await stocked('plain');
  await api.updateUpstream('plain', settings);
  proxies.plain.calls.length = 0;
  rewrite = change;
  try {
    await api.orderEUICCProfile(iccid, terms, once);
  } finally {
    rewrite = (answer) => answer;
  }
  return iccid;
}

for (const [padding, letter] of [
  ['none', ''],
  ['upper_f', 'F'],
  ['lower_f', 'f'],
] as const)
  test(`ICCIDs are sent with iccid_padding ${padding}, and may be answered in any of these ways`, async () => {
    for (const answered of ['', 'F', 'f']) {
      const iccid = await orderWith({ iccid_padding: padding }, (answer) =>
        'iccid' in answer ? { ...answer, iccid: `${answer.iccid}${answered}` } : answer,
      );
      await mustAgree(servers, iccid, 'RELEASED');
      await servers.gateway.api.cancelEUICCProfile(iccid, {}, once);
      await mustAgree(servers, iccid, 'AVAILABLE');
      const sent = proxies.plain.calls.map(({ body }) => body.iccid);
      assert.deepEqual(sent, Array<string>(3).fill(`${iccid}${letter}`));
    }
    await servers.gateway.api.updateUpstream('plain', { iccid_padding: 'none' });
  });

test('statuses may be written in any letter case', async () => {
  const inCase = (change: (text: string) => string) => (answer: Readonly<Record<string, unknown>>) => {
    const { functionExecutionStatus: own } = answer.header as { functionExecutionStatus: { status: string } };
    return { ...answer, header: { functionExecutionStatus: { ...own, status: change(own.status) } } };
  };
  const toUpper = inCase((text) => text.toUpperCase());
  const toLower = inCase((text) => text.toLowerCase());
  for (const change of [toUpper, toLower]) await mustAgree(servers, await orderWith({}, change), 'RELEASED');
  const iccid = await stocked('plain');
  await servers.vendor.api.retireEUICCProfile(iccid);
  rewrite = toUpper;
  const ordering = servers.gateway.api.orderEUICCProfile(iccid, {}, once);
  await assert.rejects(ordering, /refuses downloadOrder \(8\.2\.1\/3\.3\)/);
  rewrite = (answer) => answer;
});

test('a MatchingID of any alphabet is kept byte for byte, and named again in its cancellation', async () => {
  const matchingId = 'aB_ü~.日/=?&%20';
  const iccid = await orderWith({}, (answer, name) =>
    name === 'confirmOrder' ? { ...answer, matchingId } : answer,
  );
  const { gateway } = servers;
  const shown = await profileAt(gateway, iccid);
  assert.equal(shown.matching_id, matchingId);
  assert.equal(shown.activation_code, `LPA:1$${servers.vendor.smdpAddress}$${matchingId}`);
  const png = Buffer.from(await (await gateway.api.getQRCode(iccid)).data.arrayBuffer());
  assert.equal(qrTextOf(png), shown.activation_code);
  proxies.plain.calls.length = 0;
  proxies.plain.fault = () => 'busy';
  await gateway.api.cancelEUICCProfile(iccid, {}, { ...once, headers: { prefer: 'wait=1' } });
  assert.equal(proxies.plain.calls[0]?.body.matchingId, matchingId);
  proxies.plain.fault = () => undefined;
});

test('the address in activation codes is that of the answer, or that of the upstream when it was ordered', async () => {
  const { gateway } = servers;
  const codeFor = async (settings: UpdateUpstreamRequest, smdpAddress: unknown) => {
    const iccid = await orderWith(settings, (answer, name) =>
      name === 'confirmOrder' ? { ...answer, smdpAddress } : answer,
    );
    const { smdp_address, activation_code, matching_id } = await profileAt(gateway, iccid);
    assert.equal(activation_code, `LPA:1$${smdp_address}$${matching_id}`);
    return { iccid, smdp_address };
  };
  const first = await codeFor({ smdp_address: 'one.example.com' }, undefined);
  assert.equal(first.smdp_address, 'one.example.com');
  const second = await codeFor({ smdp_address: 'two.example.com' }, null);
  assert.equal(second.smdp_address, 'two.example.com');
  assert.equal((await codeFor({}, 'Three.example.com')).smdp_address, 'Three.example.com');
  assert.equal((await profileAt(gateway, first.iccid)).smdp_address, 'one.example.com');
});

test('X-Admin-Protocol has the value of the upstream', async () => {
  proxies.plain.adminProtocols.clear();
  await orderWith({ admin_protocol: 'gsma/rsp/v2.0.0' }, (answer) => answer);
  assert.deepEqual([...proxies.plain.adminProtocols], ['gsma/rsp/v2.0.0']);
});
