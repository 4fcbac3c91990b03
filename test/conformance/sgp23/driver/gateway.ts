import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { ApiError, type CreateUpstreamRequest, type ESIMRSPApi, type UpstreamOperation } from '@esim-rsp/sdk';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { clientPlan } from '@esim-rsp/sgp22/pki/plans';
import { certifyUnder } from '@esim-rsp/sgp22/pki/test-pki';
import { importUpstreamStock } from '../../../harness/gateway/two-servers.ts';
import { nextIccid } from '../../../harness/profiles.ts';
import type { ServerProcess } from '../../../harness/server.ts';
import { Skipped } from './fixtures.ts';
import type { Bench, Sequence } from './sequence.ts';
import { type Change, type StrictVendor, startStrictVendor, type VendorPart } from './vendor.ts';

/** The server under test, which orders at other SM-DP+ as their ES2+ client. */
export type GatewayTarget = {
  readonly server: ServerProcess;
  /** The vendor whose TLS certificate is on a curve. */
  readonly vendors: Readonly<Record<'P-256' | 'brainpoolP256r1', StrictVendor>>;
};

export async function createGatewayTarget(
  server: ServerProcess,
  opening: AsyncDisposableStack,
): Promise<GatewayTarget> {
  return {
    server,
    vendors: {
      'P-256': opening.use(await startStrictVendor('P-256')),
      brainpoolP256r1: opening.use(await startStrictVendor('brainpoolP256r1')),
    },
  };
}

/** A profile at a vendor, and what became of it. */
export type Client = VendorPart & {
  readonly api: ESIMRSPApi;
  readonly iccid: string;
  /** The name of the upstream. */
  readonly upstream: string;
  /** Asserts that nothing was wrong with the calls, that they were these, and that the vendor has the profile in this state. */
  expect(names: readonly string[], state: string): void;
  /** The newest operation, when it is as it should be. */
  operation(isSo: (operation: UpstreamOperation) => boolean): Promise<UpstreamOperation>;
};

type Settings = Partial<CreateUpstreamRequest>;

let upstreams = 0;
/** The last import of stock: an account may have few at the same time. */
let imported = Promise.resolve();
const REQUESTER = '1.3.6.1.4.1.99999.23';

/** A sequence in which the server under test is the client of a vendor. `change`: what the vendor answers in another way than a strict SM-DP+ would. */
export function asClient(
  sequence: (client: Client) => Promise<unknown>,
  change: Change = () => undefined,
  settings: Settings = {},
): Sequence {
  return async ({ gateway, issuers }: Bench) => {
    if (gateway === undefined) throw new Skipped('the run needs a server that orders at upstreams');
    const { api } = gateway.server;
    const { env, ci } = issuers;
    const own = certifyUnder(env, ci, ({ issuer, ...rest }) => clientPlan(rest, 'SGP.23 gateway', issuer));
    const certificate = certificatePem(own.certificate);
    const vendor = gateway.vendors[issuers.curve];
    const upstream = `sgp23-${++upstreams}`;
    const part = vendor.serve(
      {
        prefix: `/${upstream}`,
        adminProtocol: settings.admin_protocol ?? 'gsma/rsp/v2.5.0',
        requester: REQUESTER,
        client: new X509Certificate(certificate).fingerprint256,
      },
      change,
    );
    await api.createUpstream({
      name: upstream,
      url: `https://${vendor.host}/${upstream}`,
      ca: vendor.ca,
      client_certificate: certificate,
      client_key: own.key.exportPem(),
      requester_identifier: REQUESTER,
      smdp_address: 'rsp.vendor.example.com',
      timeout_seconds: 10,
      ...settings,
    });
    const iccid = nextIccid();
    imported = imported.then(() => importUpstreamStock(gateway.server, upstream, [iccid]));
    await imported;
    await sequence(clientOf(api, part, { iccid, upstream }));
    await removeUpstream(api, upstream, iccid);
  };
}

function clientOf(
  api: ESIMRSPApi,
  part: VendorPart,
  { iccid, upstream }: Pick<Client, 'iccid' | 'upstream'>,
): Client {
  return {
    ...part,
    api,
    iccid,
    upstream,
    expect: (names, state) => {
      assert.deepEqual(part.faults, [], 'the calls are not those of the specification');
      assert.deepEqual(
        part.calls.map(({ name }) => name),
        names,
      );
      assert.equal(part.states.get(iccid) ?? 'Available', state, 'the state at the vendor');
    },
    operation: async (isSo) => {
      for (let tries = 0; tries < 600; tries++) {
        const { data } = await api.listOperations({ iccid, count: 1 });
        const [last] = data.operations;
        if (last !== undefined && isSo(last)) return last;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return assert.fail('the operation does not come to that');
    },
  };
}

/** An account has 20 upstreams at most. */
async function removeUpstream(api: ESIMRSPApi, upstream: string, iccid: string): Promise<void> {
  const { data } = await api.listOperations({ iccid, count: 1 });
  const [last] = data.operations;
  if (last !== undefined && last.state !== 'done' && last.state !== 'refused')
    await api.settleOperation(last.id, { outcome: 'not_done' });
  await api.deleteUpstream(upstream);
}

export const once = { retries: 0, headers: { prefer: 'wait=30' } };
export const noWait = { retries: 0, headers: { prefer: 'wait=0' } };

/** Asserts that the server answers with the refusal of the vendor. */
export async function mustBeRefused(call: Promise<unknown>, name: string, pair: string): Promise<void> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ApiError, `expected a refusal, got ${String(error)}`);
  assert.deepEqual([error.status, error.code], [409, 'upstream_refused']);
  const [refusal, reason] = [`refuses ${name} (${pair}) for `, ': as the test says: it'];
  assert.ok(error.message.includes(refusal) && error.message.endsWith(reason), error.message);
}
