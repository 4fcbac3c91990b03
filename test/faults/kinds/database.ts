import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { TestServer } from '#server/store/postgres/testing/server.harness';
import type { Chance } from '../../../fuzz/chance.ts';
import { repeatUnanswered } from '../callers/es2.ts';
import { type DatabaseProxy, startDatabaseProxy } from '../database-proxy.ts';
import type { Engine } from '../engine.ts';
import type { Fault, FaultRun } from '../fault.ts';
import { actUntil, createTemplate, openWorld, type Template, type World } from '../world.ts';
import { allCallers, checkAll, randomMoment, settle } from './kills.ts';

const HITS = { quick: 5, medium: 20, full: 200 } as const;
const PER_WORLD = 20;
const LEAST = 5;

export const databaseAway: Fault = {
  name: 'when the database restarts, is slow or loses connections, nothing is lost, and the server continues by itself',
  engines: ['postgres'],
  run: async (run) => {
    const { server } = run.engine;
    if (server === undefined) throw new Error(`${run.engine.name} has no process of its own`);
    using proxy = await startDatabaseProxy(server.port);
    await using template = await createTemplate(run);
    const behindProxy = { ...run, engine: through(proxy, run.engine) };
    const own = hits.map((inject) => (chance: Chance) => inject({ server, proxy }, chance));
    const count = HITS[run.size];
    await hitWorlds(behindProxy, template, { hits: own, count, least: LEAST, waitMs: 700 });
  },
};

/** Something that happens to a database. */
export type DatabaseHit = (chance: Chance) => Promise<void>;

export type DatabaseHits = {
  /** They come one after the other, again and again. */
  readonly hits: readonly DatabaseHit[];
  readonly count: number;
  /** However slow the machine is. */
  readonly least: number;
  /** How long nodes wait for the database. Less than the longest outage: some calls wait until it is back, others get 503. */
  readonly waitMs: number;
};

/** Hits the database of nodes at work, and checks after each time that nothing is lost. */
export async function hitWorlds(
  run: FaultRun,
  template: Template,
  { count, ...rest }: DatabaseHits,
): Promise<void> {
  for (let left = count; left > 0; left -= PER_WORLD) {
    await hitInOneWorld(run, template, { ...rest, count: Math.min(left, PER_WORLD) });
    if (run.stopping.aborted) return;
  }
}

/** The nodes reach their databases through the proxy. */
function through({ port }: DatabaseProxy, engine: Engine): Engine {
  return {
    ...engine,
    settings: (dataDir) => {
      const settings = engine.settings(dataDir);
      const url = new URL(settings.ESIM_DATABASE_URL as string);
      url.port = String(port);
      return { ...settings, ESIM_DATABASE_URL: url.href };
    },
  };
}

type Database = { readonly server: TestServer; readonly proxy: DatabaseProxy };

async function hitInOneWorld(
  run: FaultRun,
  template: Template,
  { hits, count, least, waitMs }: DatabaseHits,
): Promise<void> {
  await using world = await openWorld(run, template, { settings: { ESIM_DATABASE_WAIT_MS: String(waitMs) } });
  for (let i = 0; i < count && (i < least || !run.stopping.aborted); i++) {
    await hit(world, hits[i % hits.length] as DatabaseHit);
    await checkAll(world);
  }
  await settle(world);
}

type Hit = (database: Database, chance: Chance) => Promise<void>;

const LONGEST_OUTAGE_MS = 1500;
const SLOW_MS = 1500;
const LONGEST_DELAY_MS = 150;
const CUTS = 4;
const LONGEST_PAUSE_MS = 100;

const restarted =
  (how: 'fast' | 'crash'): Hit =>
  async ({ server }, chance) => {
    await server.stop(how);
    await sleep(chance.number(LONGEST_OUTAGE_MS));
    await server.start();
  };

const slow: Hit = async ({ proxy }, chance) => {
  proxy.delay(1 + chance.number(LONGEST_DELAY_MS));
  await sleep(SLOW_MS);
  proxy.delay(0);
};

const terminated: Hit = ({ server }, chance) => severalTimes(chance, () => terminateConnections(server));

/** While the answers are late, so that statements are executed whose answers are lost. */
const cut: Hit = async ({ proxy }, chance) => {
  proxy.delay(1 + chance.number(10));
  await severalTimes(chance, async () => proxy.cut());
  proxy.delay(0);
};

const hits: readonly Hit[] = [restarted('crash'), terminated, cut, restarted('fast'), slow];

async function severalTimes(chance: Chance, work: () => Promise<void>): Promise<void> {
  for (let i = 0; i < CUTS; i++) {
    await work();
    await sleep(chance.number(LONGEST_PAUSE_MS));
  }
}

async function terminateConnections({ port }: TestServer): Promise<void> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'esim', database: 'postgres' });
  await client.connect();
  try {
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'esim-rsp'",
    );
  } finally {
    await client.end();
  }
}

const LONGEST_AFTER_MS = 300;

/** Hits the database in the middle of calls. Calls may fail until it is back and those that it has met have ended: the next ones succeed. */
async function hit(world: World, inject: DatabaseHit): Promise<void> {
  const { chance, findings } = world;
  const stop = new AbortController();
  let isHit = false;
  const acting = actUntil(world, allCallers(world), stop.signal, () => isHit);
  await randomMoment(world);
  isHit = true;
  await inject(chance);
  findings.injected();
  await sleep(chance.number(LONGEST_AFTER_MS));
  stop.abort();
  await acting;
  mustRun(world);
  await repeatUnanswered(world);
}

const LOG_END = 2000;

/** A server that has ended could not tell anybody else why. */
function mustRun({ server }: World): void {
  try {
    process.kill(server.pid, 0);
  } catch (cause) {
    throw new Error(`the server has ended by itself: ${server.log().slice(-LOG_END)}`, { cause });
  }
}
