import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import { openSqliteStore } from '#server/store/sqlite/store';
import { callEs2, type OperatorClient } from '../../test/harness/es2-client.ts';
import { importUpstreamStock } from '../../test/harness/gateway/two-servers.ts';
import { perCpuSecond } from '../process.ts';
import { scaled } from '../scale.ts';
import { ACCOUNT, available, iccidOf } from '../seed.ts';
import { type BenchServer, startBenchServer } from '../server.ts';
import { type Benchmark, byTurns, rate } from '../table.ts';

const WARM_UP = scaled(200);
const ORDERS = scaled(200);
const TURNS = scaled(3);
const CONNECTIONS = 16;
const COUNT = WARM_UP + ORDERS * TURNS;

/** Two types of the vendor: the gateway has the list of one. */
const [THERE, THROUGH] = ['there', 'through'] as const;

/**
 * Orders of a type through a gateway (REST, and the two calls of ES2+ that it makes), and the same two calls at its vendor alone, without a gateway. Each call
 * has a TLS connection of its own, as gateways make them. Rates are per second of the processor time of the gateway, and of the vendor.
 */
export async function measure(): Promise<Benchmark[]> {
  const folders = ['vendor', 'gateway'].map((name) => mkdtempSync(join(tmpdir(), `esim-bench-${name}-`)));
  const [vendorDir = '', gatewayDir = ''] = folders;
  const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  const client = makeClient(env, 'us');
  try {
    await prepareVendor(vendorDir, sha256(client.certificate.bytes));
    await using vendor = await startBenchServer(vendorDir);
    await using gateway = await startBenchServer(gatewayDir, { ESIM_UPSTREAM_ALLOW_PRIVATE: '1' });
    await gateway.api.createUpstream({
      name: 'vendor',
      url: vendor.es2Url,
      ca: readFileSync(join(vendor.pkiDir, 'CertificateIssuer/CERT_CI_ECDSA_NIST.pem'), 'utf8'),
      client_certificate: certificatePem(client.certificate),
      client_key: client.key.exportPem(),
      requester_identifier: 'us',
      smdp_address: vendor.smdpAddress,
      concurrency: CONNECTIONS,
    });
    const iccids = Array.from({ length: COUNT }, (_, i) => iccidOf(COUNT + i));
    await importUpstreamStock(gateway, 'vendor', iccids, THROUGH);
    const shop = { name: 'us', cert: certificatePem(client.certificate), key: client.key.exportPem() };
    return [await compare({ gateway, vendor }, shop)];
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true });
  }
}

async function compare(
  { gateway, vendor }: { readonly gateway: BenchServer; readonly vendor: BenchServer },
  shop: OperatorClient,
): Promise<Benchmark> {
  const through = (count: number) => orders(gateway, count, () => orderThrough(gateway));
  const there = (count: number) => orders(vendor, count, () => orderThere(vendor, shop));
  await through(WARM_UP);
  await there(WARM_UP);
  const { measured, limit, ratio } = await byTurns(
    TURNS,
    () => through(ORDERS),
    () => there(ORDERS),
  );
  return {
    name: 'orders through a gateway',
    measured: rate(measured),
    limit: `${rate(limit)} at its vendor alone`,
    ratio: ratio.toFixed(2),
    target: 'at least 0.5',
    isReached: ratio >= 0.5,
  };
}

function orders(server: BenchServer, count: number, order: () => Promise<void>): Promise<number> {
  return perCpuSecond(server, count, async () => {
    let left = count;
    const one = async () => {
      while (left-- > 0) await order();
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, one));
  });
}

async function orderThrough({ api }: BenchServer): Promise<void> {
  const options = { headers: { prefer: 'wait=60' } };
  const { data } = await api.orderEUICCProfileOfType({ profile_type: THROUGH }, options);
  if (data.state !== 'RELEASED') throw new Error(`an order ended with ${data.state}`);
}

async function orderThere(vendor: BenchServer, shop: OperatorClient): Promise<void> {
  const { iccid } = await callEs2(vendor, shop, 'downloadOrder', { profileType: THERE });
  const { matchingId } = await callEs2(vendor, shop, 'confirmOrder', { iccid, releaseFlag: true });
  if (matchingId === undefined) throw new Error('an order was refused');
}

/** Stock of both types, and the gateway as an operator. */
async function prepareVendor(folder: string, certificateSha256: Uint8Array): Promise<void> {
  const store = await openSqliteStore(join(folder, 'esim.db'));
  await store.addAccount({ id: ACCOUNT, name: 'Bench', createdAt: 1 });
  await store.addOperator({
    name: 'us',
    account: ACCOUNT,
    identity: { certificateSha256 },
    requesterIdentifiers: ['us'],
    createdAt: 1,
  });
  const content = { package: systemRandom(2000) };
  const typeOf = (i: number) => (i < COUNT ? THERE : THROUGH);
  await store.save(Array.from({ length: 2 * COUNT }, (_, i) => available(i, typeOf(i), content)));
  await store.close();
}
