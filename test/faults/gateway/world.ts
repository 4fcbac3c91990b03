import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CreateUpstreamRequest } from '@esim-rsp/sdk';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import { freeAddresses } from '../../harness/free-port.ts';
import {
  type FaultProxy,
  type ProxyDialect,
  startFaultProxy,
  statusCallOf,
} from '../../harness/gateway/fault-proxy.ts';
import { subscription } from '../../harness/profiles.ts';
import { account, type ServerProcess, type Settings, startServer } from '../../harness/server.ts';
import type { FaultRun } from '../fault.ts';

/** The vendors, which differ in what they do with a call that is made again. Our own server is behind each. */
export const vendors = ['repeating', 'forgetful', 'reporting'] as const;
export type Vendor = (typeof vendors)[number];

type Dialect = {
  readonly proxy: (vendor: ServerProcess) => ProxyDialect;
  readonly settings: Partial<CreateUpstreamRequest>;
};

const dialects: Readonly<Record<Vendor, Dialect>> = {
  repeating: { proxy: () => ({}), settings: {} },
  forgetful: { proxy: () => ({ forgets: true }), settings: { repeats_answers: false } },
  reporting: {
    proxy: (vendor) => ({ forgets: true, statusOf: statusCallOf(vendor) }),
    settings: { repeats_answers: false, status_call: 'getProfileStatus' },
  },
};

/** A server that is killed and started again at the same addresses. */
export type Node = { server: ServerProcess; readonly restart: () => Promise<void> };

/** A gateway and the server behind its vendors. */
export type GatewayWorld = FaultRun & {
  readonly gateway: Node;
  readonly vendor: Node;
  readonly proxies: Readonly<Record<Vendor, FaultProxy>>;
};

const settings: Settings = {
  ESIM_RATE_PER_KEY: '0',
  ESIM_RATE_PER_ADDRESS: '0',
  ESIM_UPSTREAM_ALLOW_PRIVATE: '1',
  ESIM_MAX_CONNECTIONS_PER_ADDRESS: '10000',
};

/** How long the gateway waits for an answer. */
const TIMEOUT_SECONDS = 3;
const CONCURRENCY = 16;

export async function openGatewayWorld(run: FaultRun): Promise<GatewayWorld & AsyncDisposable> {
  await using opening = new AsyncDisposableStack();
  const [gateway, vendor] = [await startNode(run, opening), await startNode(run, opening)];
  const { pkiDir, es2Url } = vendor.server;
  const identity = await admitGateway(run, vendor.server);
  const ca = readFileSync(join(pkiDir, 'CertificateIssuer/CERT_CI_ECDSA_NIST.pem'), 'utf8');
  const startProxy = async (name: Vendor) => {
    const { proxy, settings } = dialects[name];
    const behind = { url: es2Url, ca, ...identity };
    const started = opening.use(await startFaultProxy(behind, proxy(vendor.server)));
    await gateway.server.api.createUpstream({
      name,
      url: started.url,
      ca: started.ca,
      client_certificate: identity.cert,
      client_key: identity.key,
      requester_identifier: 'us',
      smdp_address: vendor.server.smdpAddress,
      timeout_seconds: TIMEOUT_SECONDS,
      concurrency: CONCURRENCY,
      ...settings,
    });
    return started;
  };
  const proxies = {
    repeating: await startProxy('repeating'),
    forgetful: await startProxy('forgetful'),
    reporting: await startProxy('reporting'),
  };
  const opened = opening.move();
  return { ...run, gateway, vendor, proxies, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

async function startNode({ engine, root }: FaultRun, opening: AsyncDisposableStack): Promise<Node> {
  const dataDir = mkdtempSync(join(tmpdir(), 'esim-faults-'));
  opening.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  await engine.create(dataDir);
  const own = {
    ...settings,
    ...engine.settings(dataDir),
    ...(await freeAddresses()),
    ESIM_DATA_DIR: dataDir,
  };
  const node = {
    server: await startServer(own, root),
    restart: async () => {
      await node.server.kill();
      node.server = await startServer(own, root);
    },
  };
  opening.defer(() => node.server.kill());
  return node;
}

/** Makes the gateway an operator of its vendor. */
async function admitGateway({ engine }: FaultRun, { dataDir }: ServerProcess) {
  const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  const client = makeClient(env, 'us');
  const store = await engine.open(dataDir);
  await store.addOperator({
    name: 'us',
    account: account.ESIM_BOOTSTRAP_USER_ID,
    identity: { certificateSha256: sha256(client.certificate.bytes) },
    requesterIdentifiers: ['us'],
    createdAt: 1,
  });
  await store.close();
  return { cert: certificatePem(client.certificate), key: client.key.exportPem() };
}

/** Puts profiles into the stock of the vendor, and their ICCIDs into that of the gateway; their type is the name of the vendor. */
export async function stock({ gateway, vendor }: GatewayWorld, name: Vendor, count: number): Promise<void> {
  const rows = Array.from({ length: count }, () => subscription());
  const text = rows.map((parameters) => JSON.stringify({ parameters })).join('\n');
  const iccids = rows.map(({ iccid }) => JSON.stringify({ parameters: { iccid } })).join('\n');
  await importAll(vendor.server, text, { profile_type: name });
  await importAll(gateway.server, iccids, { profile_type: name, upstream: name });
}

async function importAll(
  { api }: ServerProcess,
  text: string,
  query: { readonly profile_type: string; readonly upstream?: Vendor },
): Promise<void> {
  for await (const report of api.importEUICCProfiles(text, { format: 'ndjson', ...query }))
    if ('created' in report && report.failed > 0)
      throw new Error(`the stock is refused: ${JSON.stringify(report)}`);
}
