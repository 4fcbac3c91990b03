import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Fault, FaultProxy } from '../../harness/gateway/fault-proxy.ts';
import {
  addUpstream,
  type Gateway,
  noWait,
  profileAt,
  startGateway,
  startVendorProxy,
  stockAt,
} from '../../harness/gateway/two-servers.ts';

/** `GATEWAY_ORDERS`: how many; a fifth of their calls fail. */
const ORDERS = Number(process.env.GATEWAY_ORDERS ?? 100);
/** All faults but the one that takes as long as the time-out. */
const kinds = ['lost', 'cut', 'garbage', 'error', 'reset', 'busy', 'forbidden', 'slow'] as const;

let servers: Gateway;
let proxy: FaultProxy;
before(async () => {
  servers = await startGateway({ ESIM_RATE_PER_KEY: '0', ESIM_RATE_PER_ADDRESS: '0' });
  proxy = await startVendorProxy(servers);
  const members = { ca: proxy.ca, url: proxy.url, timeout_seconds: 5, concurrency: 16 };
  await addUpstream(servers, 'vendor', members);
});
after(async () => {
  await proxy[Symbol.asyncDispose]();
  await servers[Symbol.asyncDispose]();
});

/** The same faults in each run: every fifth call fails, in another way each time. */
function everyFifth(): (call: { readonly name: string }) => Fault | undefined {
  let calls = 0;
  return () => {
    calls++;
    return calls % 5 === 0 ? kinds[(calls / 5) % kinds.length] : undefined;
  };
}

/** Waits until nothing is requested from the vendor any more. */
async function whenAllHaveEnded({ gateway }: Gateway): Promise<void> {
  for (let tries = 0; tries < 1800; tries++) {
    const open = await Promise.all(
      (['waiting', 'sent', 'unknown'] as const).map((state) =>
        gateway.api.listOperations({ state, count: 1 }),
      ),
    );
    if (open.every(({ data }) => data.operations.length === 0)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('some operations do not end');
}

/** Asserts of each profile that both servers say the same, and that it has one order. */
async function mustBeOrderedOnce(iccids: readonly string[]): Promise<void> {
  const { gateway, vendor } = servers;
  const codes = new Set<string>();
  for (const iccid of iccids) {
    const [here, there] = [await profileAt(gateway, iccid), await profileAt(vendor, iccid)];
    assert.deepEqual([here.state, there.state], ['RELEASED', 'RELEASED'], iccid);
    assert.equal(here.activation_code, there.activation_code);
    codes.add(here.activation_code);
    const history = await vendor.api.getEUICCProfileHistory(iccid, { types: 'profile.ordered' });
    assert.equal(history.data.events.length, 1, `${iccid} is ordered once at the vendor`);
    const { data } = await gateway.api.listOperations({ iccid });
    assert.deepEqual(
      data.operations.map(({ state }) => state),
      ['done'],
    );
  }
  assert.equal(codes.size, iccids.length);
}

test(`${ORDERS} orders of a type are each done once although a fifth of the calls fail`, async () => {
  const { gateway, vendor } = servers;
  const iccids = await stockAt(servers, 'vendor', ORDERS + 3, 'travel');
  proxy.fault = everyFifth();
  const ordered = new Set<string>();
  for (let i = 0; i < ORDERS; i += 20) {
    const some = Array.from({ length: Math.min(20, ORDERS - i) }, () =>
      gateway.api.orderEUICCProfileOfType({ profile_type: 'travel' }, noWait),
    );
    for (const { data } of await Promise.all(some)) ordered.add(data.iccid);
  }
  assert.equal(ordered.size, ORDERS, 'no profile is taken twice');
  await whenAllHaveEnded(servers);
  await mustBeOrderedOnce([...ordered]);
  for (const iccid of iccids.filter((one) => !ordered.has(one)))
    for (const server of [gateway, vendor]) assert.equal((await profileAt(server, iccid)).state, 'AVAILABLE');
});

test('a gateway that is killed in the middle of its calls finds out what became of them', async () => {
  const iccids = await stockAt(servers, 'vendor', 12);
  proxy.fault = ({ body }) => (Number(body.iccid?.slice(-2)) % 2 === 0 ? 'slow' : undefined);
  await Promise.all(iccids.map((iccid) => servers.gateway.api.orderEUICCProfile(iccid, {}, noWait)));
  await servers.restartGateway('kill');
  await whenAllHaveEnded(servers);
  await mustBeOrderedOnce(iccids);
});
