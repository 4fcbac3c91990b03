import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeClientIdentity } from '@esim-rsp/server/store/ports/operators';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Change } from '@esim-rsp/smdp/state/change';
import { someUpstream } from '#server/store/contract/gateway/upstream.testdata';
import { openSqliteStore } from '#server/store/sqlite/store';
import { load } from '../load.ts';
import { perCpuSecond } from '../process.ts';
import { scaled } from '../scale.ts';
import { ACCOUNT, available } from '../seed.ts';
import { API_KEY, type BenchServer, startBenchServer } from '../server.ts';
import { type Benchmark, byTurns, median, rate } from '../table.ts';

const WARM_UP = scaled(1000);
const ORDERS = scaled(600);
const ALONE = scaled(200);
const TURNS = scaled(9);
const CONNECTIONS = 16;
/** An order of what is ready may take twice as long as a built-in one. */
const TARGET = 0.5;

/** Orders of a type over REST, of profiles that an upstream keeps ready, compared with those of the built-in SM-DP+ in stock. */
export async function measure(): Promise<Benchmark[]> {
  const folder = mkdtempSync(join(tmpdir(), 'esim-bench-ready-'));
  try {
    await prepareStore(folder);
    await using server = await startBenchServer(folder);
    for (const type of ['ready', 'own']) await ordersPerCpuSecond(server, type, WARM_UP);
    return [await rates(server), await latencies(server)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function rates(server: BenchServer): Promise<Benchmark> {
  const { measured, limit, ratio } = await byTurns(
    TURNS,
    () => ordersPerCpuSecond(server, 'ready', ORDERS),
    () => ordersPerCpuSecond(server, 'own', ORDERS),
  );
  return line('orders over REST of what an upstream keeps ready', ratio, {
    measured: rate(measured),
    limit: `${rate(limit)} orders of the built-in SM-DP+`,
  });
}

/** One after the other: the ratio is that of the built-in ones to these, so that more is better, as everywhere. */
async function latencies(server: BenchServer): Promise<Benchmark> {
  const { measured, limit, ratio } = await byTurns(
    TURNS,
    () => medianMs(server, 'ready', ALONE),
    () => medianMs(server, 'own', ALONE),
  );
  const text = (ms: number) => `${ms.toFixed(2)} ms`;
  return line('the same, one at a time', 1 / ratio, {
    measured: text(measured),
    limit: `${text(limit)} for one of the built-in SM-DP+`,
  });
}

function line(name: string, ratio: number, shown: Pick<Benchmark, 'measured' | 'limit'>): Benchmark {
  return {
    name,
    ...shown,
    ratio: ratio.toFixed(2),
    target: `at least ${TARGET}`,
    isReached: ratio >= TARGET,
  };
}

function orderOf(profileType: string): string {
  const body = JSON.stringify({ profile_type: profileType });
  const headers = `x-user-id: ${ACCOUNT}\r\nx-api-key: ${API_KEY}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  return `POST /api/v1/esim/euicc-profiles/order HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n${body}`;
}

function ordersPerCpuSecond(server: BenchServer, type: string, count: number): Promise<number> {
  return perCpuSecond(server, count, () =>
    load(server.port, { connections: CONNECTIONS, count }, () => orderOf(type), mustBeReleased),
  );
}

async function medianMs(server: BenchServer, type: string, count: number): Promise<number> {
  const times: number[] = [];
  let started = 0;
  const next = () => {
    started = performance.now();
    return orderOf(type);
  };
  await load(server.port, { connections: 1, count }, next, (body) => {
    times.push(performance.now() - started);
    mustBeReleased(body);
  });
  return median(times);
}

function mustBeReleased(body: Buffer): void {
  const { state, activation_code, pending_operation } = JSON.parse(body.toString());
  if (state !== 'RELEASED' || activation_code === '' || pending_operation !== undefined)
    throw new Error(`the order was not done at once: ${body}`);
}

/** Enough stock of both types. No program listens at the upstream: more than its mark are ready, so nothing is requested from it. */
async function prepareStore(folder: string): Promise<void> {
  const store = await openSqliteStore(join(folder, 'esim.db'));
  await store.addAccount({ id: ACCOUNT, name: 'Bench', createdAt: 1 });
  const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  const { certificate, key } = makeClient(env, 'us');
  const client = makeClientIdentity(certificatePem(certificate), key.exportPem());
  await store.addUpstream(someUpstream({ account: ACCOUNT, client }), 1);
  const count = WARM_UP + (ORDERS + ALONE) * TURNS;
  const mark = { keepReady: 1, batch: 1, readyDays: 0 };
  const type = { account: ACCOUNT, profileType: 'ready', upstream: 'vendor', vendorType: 'READY', ...mark };
  await store.setUpstreamType(type, 1);
  const numbers = Array.from({ length: count + 1 }, (_, i) => i);
  await store.save(numbers.map((i) => available(i, 'own', { package: systemRandom(2000) })));
  await store.save(numbers.map((i) => ready(count + 1 + i)));
  await store.close();
}

/** AVAILABLE profile i of the upstream, with the codes of an order there. */
function ready(i: number): Change {
  const change = available(i, 'ready', { package: new Uint8Array(1) });
  if (!('profile' in change) || change.profile.state !== 'AVAILABLE')
    throw new TypeError('it is not AVAILABLE');
  const order = {
    matchingId: `Vendor-${i}` as MatchingId,
    smdpAddress: 'rsp.vendor.example.com',
    releasedAt: 1,
  };
  return { profile: { ...change.profile, upstream: 'vendor', imsi: '', ready: order } };
}
