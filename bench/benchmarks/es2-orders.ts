import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { type CertifiedKey, certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import { matchingIdFrom } from '@esim-rsp/sgp22/value/matching-id';
import { openSqliteStore } from '#server/store/sqlite/store';
import { perCpuSecond } from '../process.ts';
import { requestsPerSecond } from '../rest-client.ts';
import { scaled } from '../scale.ts';
import { ACCOUNT, available, released } from '../seed.ts';
import { type BenchServer, startBenchServer } from '../server.ts';
import { type Benchmark, byTurns, rate } from '../table.ts';

const PROFILES = scaled(1000);
const WARM_UP = scaled(600);
const ORDERS = scaled(300);
const TURNS = scaled(5);
const CONNECTIONS = 16;

/** Orders over ES2+ (downloadOrder by type, then confirmOrder, with mutual TLS), compared with the GET of a profile. It has no target. */
export async function measure(): Promise<Benchmark[]> {
  const client = makeClient(
    { random: systemRandom, now: Date.now(), generateKey: generateSigningKey },
    'shop',
  );
  const folder = mkdtempSync(join(tmpdir(), 'esim-bench-orders-'));
  try {
    await prepareStore(folder, sha256(client.certificate.bytes));
    await using server = await startBenchServer(folder);
    return [await ordersOn(server, client)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function ordersOn(server: BenchServer, client: CertifiedKey): Promise<Benchmark> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const identity = { cert: certificatePem(client.certificate), key: client.key.exportPem() };
  const url = server.es2Url;
  const call = async (name: string, members: object) => {
    const sending = request(`${url}/gsma/rsp2/es2plus/${name}`, {
      method: 'POST',
      agent,
      ...identity,
      rejectUnauthorized: false,
      headers: { 'Content-Type': 'application/json' },
    });
    const functionCallIdentifier = matchingIdFrom(systemRandom(13));
    const header = { functionRequesterIdentifier: 'shop', functionCallIdentifier };
    sending.end(JSON.stringify({ header, ...members }));
    const [response] = (await once(sending, 'response')) as [IncomingMessage];
    const { header: outcome, ...reply } = JSON.parse(Buffer.concat(await response.toArray()).toString());
    const { status } = outcome.functionExecutionStatus;
    if (status !== 'Executed-Success') throw new Error(JSON.stringify(outcome));
    return reply;
  };
  const order = async () => {
    const { iccid } = await call('downloadOrder', { profileType: 'bench' });
    await call('confirmOrder', { iccid, releaseFlag: true });
  };
  const orders = (count: number) =>
    perCpuSecond(server, count, async () => {
      let left = count;
      const one = async () => {
        while (left-- > 0) await order();
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, one));
    });
  await orders(WARM_UP);
  await requestsPerSecond(server, { profiles: PROFILES, count: 20_000 });
  const { measured, limit, ratio } = await byTurns(
    TURNS,
    () => orders(ORDERS),
    () => requestsPerSecond(server, { profiles: PROFILES, count: 5000 }),
  );
  agent.destroy();
  return {
    name: 'orders over ES2+ (two calls)',
    measured: rate(measured),
    limit: `${rate(limit)} GETs of a profile`,
    ratio: ratio.toFixed(3),
    target: '',
  };
}

/** Creates profiles to read, enough stock of one type, and the operator. */
async function prepareStore(folder: string, certificateSha256: Uint8Array): Promise<void> {
  const store = await openSqliteStore(join(folder, 'esim.db'));
  await store.addAccount({ id: ACCOUNT, name: 'Bench', createdAt: 1 });
  await store.addOperator({
    name: 'shop',
    account: ACCOUNT,
    identity: { certificateSha256 },
    requesterIdentifiers: ['shop'],
    createdAt: 1,
  });
  const content = { package: systemRandom(2000) };
  await store.save(Array.from({ length: PROFILES }, (_, i) => released(i, content, `BENCH-${i}`)));
  const count = WARM_UP + ORDERS * TURNS;
  await store.save(Array.from({ length: count }, (_, i) => available(PROFILES + i, 'bench', content)));
  await store.close();
}
