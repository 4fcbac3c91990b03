import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sendNotifications } from '@esim-rsp/euicc';
import {
  addUpstream,
  type Gateway,
  mustAgree,
  once,
  profileAt,
  refusedWith,
  startGateway,
  stockAt,
} from '../../harness/gateway/two-servers.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { subscription } from '../../harness/profiles.ts';

/** Replacement, expiry and reuse of profiles that a second server has: what it knows of, and what it does not. */

let servers: Gateway;
before(async () => {
  servers = await startGateway();
  await addUpstream(servers, 'vendor');
  await addUpstream(servers, 'generous', { takes_back: 'always' });
  await addUpstream(servers, 'strict', { takes_back: 'never' });
});
after(() => servers[Symbol.asyncDispose]());

async function stocked(upstream: string, type?: string): Promise<string> {
  return (await stockAt(servers, upstream, 1, type))[0] ?? assert.fail();
}

/** Waits until both servers have these states. */
async function until(iccid: string, here: string, there: string): Promise<void> {
  const { gateway, vendor } = servers;
  let states: string[] = [];
  for (let tries = 0; tries < 300; tries++) {
    const [own, theirs] = [await profileAt(gateway, iccid), await profileAt(vendor, iccid)];
    states = [own.state, theirs.state];
    if (own.state === here && theirs.state === there && own.pending_operation === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`the profile ${iccid} does not become ${here} and ${there}: it is ${states.join(' and ')}`);
}

test('another profile takes the place of an order, and the first one is out of use at both servers', async () => {
  const { api } = servers.gateway;
  const [first, second] = [await stocked('vendor', 'replaced'), await stocked('vendor', 'replaced')];
  await api.orderEUICCProfile(first, {}, once);
  const { data: link } = await api.createInstallLink(first, {});
  const { data } = await api.replaceEUICCProfile(first, { by: 'another' }, once);
  assert.deepEqual([data.iccid, data.state], [second, 'RELEASED']);
  await mustAgree(servers, second, 'RELEASED');
  await until(first, 'UNAVAILABLE', 'UNAVAILABLE');
  const page = await (await fetch(new URL(link.url))).text();
  assert.ok(page.includes(data.matching_id ?? '?'), 'the link of the customer has the new code');
  const { data: history } = await api.getEUICCProfileHistory(first);
  const cancelled = history.events.find(({ type }) => type === 'profile.cancelled');
  assert.equal(cancelled?.replaced_by, second);
  await assert.rejects(
    api.replaceEUICCProfile(second, { by: 'another' }, once),
    refusedWith('out_of_stock', /stock more/),
  );
  await mustAgree(servers, second, 'RELEASED');
});

test('a profile of this server takes the place of one of the vendor', async () => {
  const { api } = servers.gateway;
  const first = await stocked('vendor', 'mixed');
  await api.orderEUICCProfile(first, {}, once);
  const { data: own } = await api.createEUICCProfile({ parameters: subscription(), profile_type: 'mixed' });
  const { data } = await api.replaceEUICCProfile(first, { by: 'another' }, once);
  assert.deepEqual([data.iccid, data.upstream], [own.iccid, undefined]);
  await until(first, 'UNAVAILABLE', 'UNAVAILABLE');
});

test('without stock, the vendor chooses the profile that takes the place of another one', async () => {
  const { gateway, vendor } = servers;
  const type = { profile_type: 'chosen', vendor_type: 'chosen-there' };
  await gateway.api.setUpstreamType('vendor', type);
  const first = await stocked('vendor', 'chosen');
  await gateway.api.orderEUICCProfile(first, {}, once);
  const { data: there } = await vendor.api.createEUICCProfile({
    parameters: subscription(),
    profile_type: type.vendor_type,
  });
  const { data } = await gateway.api.replaceEUICCProfile(first, { by: 'another' }, once);
  assert.equal(data.iccid, there.iccid);
  await mustAgree(servers, there.iccid, 'RELEASED');
  await until(first, 'UNAVAILABLE', 'UNAVAILABLE');
  await assert.rejects(
    gateway.api.replaceEUICCProfile(there.iccid, { by: 'another' }, once),
    refusedWith('upstream_refused', /refuses downloadOrder/),
  );
  await mustAgree(servers, there.iccid, 'RELEASED');
});

test('an order that expires is cancelled at the vendor, and can be released again', async () => {
  const { api } = servers.gateway;
  const iccid = await stocked('vendor');
  const expires_at = new Date(Date.now() + 3000).toISOString();
  const { data: ordered } = await api.orderEUICCProfile(iccid, { expires_at }, once);
  assert.ok(ordered.order_expires_at !== undefined);
  await mustAgree(servers, iccid, 'RELEASED');
  await until(iccid, 'ERROR', 'AVAILABLE');
  const { state_reason, state_message } = await profileAt(servers.gateway, iccid);
  assert.equal(state_message, 'the order has expired');
  assert.deepEqual([state_reason?.subject_code, state_reason?.reason_code], ['8.8.5', '4.10']);
  const { data: history } = await api.getEUICCProfileHistory(iccid);
  assert.deepEqual(
    history.events.slice(-2).map(({ type, actor }) => [type, actor.kind]),
    [
      ['profile.expired', 'system'],
      ['operation.done', 'system'],
    ],
  );
  await api.reReleaseEUICCProfile(iccid, { expires_at: null }, once);
  await mustAgree(servers, iccid, 'RELEASED');
});

test('the expiry of an order at the vendor can be set later, and be taken away', async () => {
  const { api } = servers.gateway;
  const iccid = await stocked('vendor');
  await api.orderEUICCProfile(iccid, {}, once);
  const expires_at = new Date(Date.now() + 86_400_000).toISOString();
  assert.ok((await api.updateEUICCProfile(iccid, { expires_at })).data.order_expires_at !== undefined);
  assert.equal((await api.updateEUICCProfile(iccid, { expires_at: null })).data.order_expires_at, undefined);
  await assert.rejects(
    api.updateEUICCProfile(iccid, { confirmation_code: '1234' }),
    refusedWith('upstream_unsupported', /replace the order/),
  );
});

test('what an upstream cannot do is refused with its reason, which its capabilities have too', async () => {
  const { api } = servers.gateway;
  const reasonOf = async (upstream: string, name: string) =>
    (await api.getUpstream(upstream)).data.capabilities.find((one) => one.name === name);
  const expires_at = new Date(Date.now() + 86_400_000).toISOString();
  const strict = await stocked('strict');
  const cannot = await reasonOf('strict', 'expiry');
  assert.equal(cannot?.supported, false);
  await assert.rejects(
    api.orderEUICCProfile(strict, { expires_at }, once),
    refusedWith('upstream_unsupported', new RegExp(cannot?.reason?.slice(0, 30) ?? '?')),
  );
  await api.orderEUICCProfile(strict, {}, once);
  for (const refused of [api.cancelEUICCProfile(strict, {}, once), api.replaceEUICCProfile(strict, {}, once)])
    await assert.rejects(refused, refusedWith('upstream_unsupported', /takes no order back/));
  const usual = await stocked('vendor');
  const profile_reuse_policy = { reuse_type: 'SAME_MID' } as const;
  await assert.rejects(
    api.orderEUICCProfile(usual, { profile_reuse_policy }, once),
    refusedWith('upstream_unsupported', /set takes_back to always/),
  );
  assert.equal((await reasonOf('generous', 'reuse'))?.supported, true);
});

test('where the vendor may take back orders, reuse policies are accepted, and its refusals are its own', async () => {
  const { gateway, vendor } = servers;
  const iccid = await stocked('generous');
  const profile_reuse_policy = { reuse_type: 'SAME_MID', max_count: 1 } as const;
  const { data } = await gateway.api.orderEUICCProfile(iccid, { profile_reuse_policy }, once);
  assert.deepEqual([data.reuse_enabled, data.reuse_remaining_count], [true, 1]);
  await using phone = await newPhone(vendor);
  await downloadBy(phone, data.activation_code);
  await sendNotifications(phone.env);
  await assert.rejects(
    gateway.api.cancelEUICCProfile(iccid, {}, once),
    refusedWith('upstream_refused', /refuses cancelOrder \(8\.2\.1\/3\.3\)/),
  );
  assert.equal((await profileAt(gateway, iccid)).state, 'RELEASED', 'no certificate, no reports');
});
