import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApiError,
  type CreateUpstreamRequest,
  type GetEUICCProfileResponse,
  type SetUpstreamTypeRequest,
  type UpstreamOperation,
} from '@esim-rsp/sdk';
import { runEsim } from '../esim.ts';
import { freeAddresses } from '../free-port.ts';
import { subscription } from '../profiles.ts';
import { type ServerProcess, type Settings, sameAddresses, startServer } from '../server.ts';
import { type FaultProxy, type ProxyDialect, startFaultProxy } from './fault-proxy.ts';

/** Two servers: the first one orders at the second one, its vendor. */
export type Gateway = AsyncDisposable & {
  /** The one of now. */
  gateway: ServerProcess;
  readonly vendor: ServerProcess;
  /** Ends the gateway with a signal, and starts it again on the same data. */
  restartGateway(how?: 'close' | 'kill'): Promise<void>;
  /** What the vendor knows the gateway by. */
  readonly identity: { readonly cert: string; readonly key: string };
  /** PEM of the CA of the vendor. */
  readonly ca: string;
};

/** For calls that must not be sent twice. */
export const once = { retries: 0 };
/** The same, and the answer comes before the vendor has one. */
export const noWait = { ...once, headers: { prefer: 'wait=0' } };

/** A proxy in front of the vendor, which the gateway can have as an upstream. */
export function startVendorProxy(
  { vendor, ca, identity }: Gateway,
  dialect?: ProxyDialect,
): Promise<FaultProxy> {
  return startFaultProxy({ url: vendor.es2Url, ca, ...identity }, dialect);
}

/** For assert.rejects: an answer of REST with this code, whose message is like the text. */
export function refusedWith(code: string, text: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ApiError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, text);
    return true;
  };
}

export async function startGateway(settings: Settings = {}): Promise<Gateway> {
  const dataDir = mkdtempSync(join(tmpdir(), 'esim-gateway-'));
  const own = { ESIM_UPSTREAM_ALLOW_PRIVATE: '1', ...settings, ESIM_DATA_DIR: dataDir };
  const [vendor, gateway] = await Promise.all([
    startServer(),
    startServer({ ...own, ...(await freeAddresses()) }),
  ]);
  const cwd = vendor.dataDir;
  const env = { ESIM_DATA_DIR: cwd };
  for (const args of [
    ['operator', 'make-cert', 'us'],
    ['operator', 'create', '--name', 'us', '--cert', 'us.pem'],
  ]) {
    const { code, err } = await runEsim({ cwd, env }, ...args);
    assert.equal(code, 0, err);
  }
  const read = (name: string) => readFileSync(join(cwd, name), 'utf8');
  const servers: Gateway = {
    gateway,
    vendor,
    restartGateway: async (how = 'close') => {
      await servers.gateway[how]();
      servers.gateway = await startServer({ ...own, ...sameAddresses(gateway) });
    },
    identity: { cert: read('us.pem'), key: read('us.key') },
    ca: readFileSync(join(vendor.pkiDir, 'CertificateIssuer/CERT_CI_ECDSA_NIST.pem'), 'utf8'),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([servers.gateway.close(), vendor[Symbol.asyncDispose]()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return servers;
}

/** Adds the vendor to the gateway under a name; without a URL, directly. */
export async function addUpstream(
  { gateway, vendor, identity, ca }: Gateway,
  name: string,
  members: Partial<CreateUpstreamRequest> = {},
): Promise<void> {
  await gateway.api.createUpstream({
    name,
    url: vendor.es2Url,
    client_certificate: identity.cert,
    client_key: identity.key,
    ca,
    requester_identifier: 'us',
    smdp_address: vendor.smdpAddress,
    ...members,
  });
}

/** Profiles that the vendor has, of which the gateway has the list. */
export async function stockAt(
  { gateway, vendor }: Gateway,
  upstream: string,
  count = 1,
  profileType?: string,
): Promise<string[]> {
  const iccids: string[] = [];
  for (let i = 0; i < count; i++) {
    const { data } = await vendor.api.createEUICCProfile({ parameters: subscription() });
    iccids.push(data.iccid);
  }
  await importUpstreamStock(gateway, upstream, iccids, profileType);
  return iccids;
}

/** A type that the vendor makes from a template, and the gateway orders there. Resolves to the name that both use. */
export async function typeAt(
  { gateway, vendor }: Gateway,
  upstream: string,
  { size = 100, ...keep }: { readonly size?: number } & Partial<SetUpstreamTypeRequest> = {},
): Promise<string> {
  const profileType = `type-${++types}`;
  const start = 10_000 * types;
  await vendor.api.createProfileTemplate({
    profile_type: `VENDOR-${profileType}`,
    iccid_start: `89882020${String(start).padStart(10, '0')}`,
    imsi_start: `00101${String(start).padStart(10, '0')}`,
    size,
    master_key: '00112233445566778899aabbccddeeff',
  });
  const type = { profile_type: profileType, vendor_type: `VENDOR-${profileType}`, ...keep };
  await gateway.api.setUpstreamType(upstream, type);
  return profileType;
}

let types = 0;

/** The ICCIDs that a server has made of a type, in use or not. */
export async function iccidsOf({ api }: ServerProcess, profileType: string): Promise<string[]> {
  const page = api.listEUICCProfiles({ profile_type: profileType, count: 1000 });
  return (await Array.fromAsync(page)).map(({ iccid }) => iccid).toSorted();
}

/** Gives a gateway the list of ICCIDs of an upstream. */
export async function importUpstreamStock(
  { api }: ServerProcess,
  upstream: string,
  iccids: readonly string[],
  profileType?: string,
): Promise<void> {
  const query = {
    format: 'csv',
    upstream,
    ...(profileType !== undefined && { profile_type: profileType }),
  } as const;
  let created = 0;
  for await (const report of api.importEUICCProfiles(`iccid\n${iccids.join('\n')}\n`, query))
    if ('created' in report) ({ created } = report);
  assert.equal(created, iccids.length);
}

export async function profileAt({ api }: ServerProcess, iccid: string): Promise<GetEUICCProfileResponse> {
  return (await api.getEUICCProfile(iccid)).data;
}

/** Asserts that both servers say the same of a profile. */
export async function mustAgree({ gateway, vendor }: Gateway, iccid: string, state: string): Promise<void> {
  const [here, there] = [await profileAt(gateway, iccid), await profileAt(vendor, iccid)];
  assert.deepEqual([here.state, there.state], [state, state]);
  for (const member of ['activation_code', 'matching_id', 'eid', 'cc_required'] as const)
    assert.deepEqual(here[member], there[member], member);
  assert.equal(here.pending_operation, undefined);
}

/** Waits until an operation has ended. */
export function endOf(gateway: ServerProcess, id: string): Promise<UpstreamOperation> {
  return operationWhen(gateway, id, ({ state }) => ['done', 'refused', 'failed'].includes(state));
}

const MOST_LOOKS = 1200;

/** Waits until an operation is as it should be. */
export async function operationWhen(
  { api }: ServerProcess,
  id: string,
  isSo: (operation: UpstreamOperation) => boolean,
): Promise<UpstreamOperation> {
  let last: UpstreamOperation | undefined;
  for (let tries = 0; tries < MOST_LOOKS; tries++) {
    last = (await api.getOperation(id)).data;
    if (isSo(last)) return last;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail(`it does not come to that: ${JSON.stringify(last)}`);
}
