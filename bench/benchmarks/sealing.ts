import { openStore } from '@esim-rsp/server/process/data';
import type { ProfileProtection } from '@esim-rsp/smdp/state/profile';
import { makeCards } from '../cards.ts';
import { importPackages } from '../import-client.ts';
import { openConnection } from '../load.ts';
import { packageOf } from '../packages.ts';
import { perCpuSecond } from '../process.ts';
import { bodyOf, listOf, requestsPerSecond } from '../rest-client.ts';
import { scaled } from '../scale.ts';
import { fillWith, newFolder } from '../seed.ts';
import { startBenchServer } from '../server.ts';
import { sessionClient } from '../sessions-client.ts';
import { type Build, mustBeInstalled, startSessionsServer } from '../sessions-server.ts';
import { type Benchmark, byTurns, rate } from '../table.ts';
import { unsealedBuild } from '../unsealed.ts';

const TARGET = 0.85;
const TURNS = scaled(15);
const PROFILES = scaled(20_000);
const PACKAGE_BYTES = 12_000;

/** How often something can be done for a second of processor time. It warms up in the first turn of its own. */
type Measurement = AsyncDisposable & { readonly turn: () => Promise<number> };
type Start = (build: Build) => Promise<Measurement>;

const measurements: readonly (readonly [name: string, start: Start])[] = [
  ['sealed: complete sessions', startSessions],
  ['sealed: GET a profile', (build) => startReads(build, 'get')],
  ['sealed: page of 100', (build) => startReads(build, 'list')],
  ['sealed: import of 12 kB packages, ppk', (build) => startImport(build, 'ppk')],
  ['sealed: import of 12 kB packages, session_keys', (build) => startImport(build, 'session_keys')],
];

/** The same work with sealed secrets and without, in turns: two servers that differ in nothing else. */
export async function measure(): Promise<Benchmark[]> {
  using unsealed = await unsealedBuild();
  const benchmarks: Benchmark[] = [];
  for (const [name, start] of measurements) {
    await using sealed = await start({ openStore });
    await using plain = await start(unsealed);
    const { measured, limit, ratio } = await byTurns(TURNS, sealed.turn, plain.turn);
    benchmarks.push({
      name,
      measured: rate(measured),
      limit: `${rate(limit)} unsealed`,
      ratio: ratio.toFixed(2),
      target: `≥ ${TARGET}`,
      isReached: ratio >= TARGET,
    });
  }
  return benchmarks;
}

async function startSessions(build: Build): Promise<Measurement> {
  const [warmUp, perTurn, inFlight] = [scaled(1000), scaled(150), 32];
  const sessions = warmUp + perTurn * TURNS;
  const curve = 'P-256';
  const stock = { profiles: sessions, packageBytes: PACKAGE_BYTES, protection: 'ppk', curve } as const;
  const server = await startSessionsServer(stock, {}, undefined, build);
  const client = sessionClient(server, await makeCards(server.pkiDir, sessions, curve));
  await client.run(warmUp, inFlight);
  return {
    turn: () => perCpuSecond(server, perTurn, async () => void (await client.run(perTurn, inFlight))),
    [Symbol.asyncDispose]: async () => {
      await mustBeInstalled(server.place, sessions, build.openStore);
      await server[Symbol.asyncDispose]();
    },
  };
}

async function startReads({ openStore, root }: Build, what: 'get' | 'list'): Promise<Measurement> {
  const folder = newFolder();
  const store = await openStore({ dataDir: folder.path });
  await fillWith(store, PROFILES);
  await store.close();
  const server = await startBenchServer(folder.path, {}, root);
  const request = listOf('?cursor=&count=100');
  const { total } = JSON.parse((await bodyOf(server, request)).toString());
  if (total !== undefined && total !== PROFILES) throw new Error(`there are ${total} profiles`);
  const { exchange, close } = await openConnection(server.port);
  const get = (count: number) => requestsPerSecond(server, { profiles: PROFILES, count });
  const list = (count: number) =>
    perCpuSecond(server, count, async () => {
      for (let i = 0; i < count; i++) await exchange(request);
    });
  const [ask, warmUp, perTurn] =
    what === 'get'
      ? ([get, scaled(20_000), scaled(4000)] as const)
      : ([list, scaled(500), scaled(100)] as const);
  await ask(warmUp);
  return {
    turn: () => ask(perTurn),
    [Symbol.asyncDispose]: async () => {
      close();
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function startImport({ root }: Build, protection: ProfileProtection): Promise<Measurement> {
  const folder = newFolder();
  const server = await startBenchServer(folder.path, {}, root);
  let next = 0;
  const bring = (count: number) => {
    const packages = Array.from({ length: count }, (_, i) => packageOf(next + i, PACKAGE_BYTES));
    next += count;
    return perCpuSecond(server, count, () => importPackages(server, packages, protection));
  };
  await bring(scaled(2000));
  return {
    turn: () => bring(scaled(700)),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
