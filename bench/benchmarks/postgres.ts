import { openStore } from '@esim-rsp/server/process/data';
import {
  installations,
  NO_POSTGRES,
  optionsFor,
  startPostgres,
  type TestServer,
} from '#server/store/postgres/testing/server.harness';
import { perCpuSecond, startProcess } from '../process.ts';
import { answerOf, requestsPerSecond } from '../rest-client.ts';
import { scaled } from '../scale.ts';
import { fillWith, newFolder } from '../seed.ts';
import { startBenchServer } from '../server.ts';
import { type Sessions, startSessions } from '../sessions-run.ts';
import { type Benchmark, byTurns, rate } from '../table.ts';

const IN_FLIGHT = 64;
const SESSIONS_WARM_UP = scaled(3000);
const SESSIONS = scaled(400);
const PROFILES = scaled(100_000);
const WARM_UP = scaled(30_000);
const REQUESTS = scaled(5000);
const TURNS = scaled(7);

/** A node that stores everything in PostgreSQL: its own processor time alone, because the database runs on other machines. */
export async function measure(): Promise<Benchmark[]> {
  const installation = installations().at(-1);
  if (installation === undefined) {
    console.error(`skipped: ${NO_POSTGRES}`);
    return [];
  }
  await using postgres = await startPostgres(installation, ['fsync=on', 'synchronous_commit=on']);
  return [await sessions(postgres), await gets(postgres)];
}

const ALL = SESSIONS_WARM_UP + SESSIONS * TURNS;

/** Complete sessions, compared with those on a SQLite file. */
async function sessions(postgres: TestServer): Promise<Benchmark> {
  await using onPostgres = await startSessions(ALL, {}, await postgres.createDatabase());
  await using onSqlite = await startSessions(ALL, {});
  for (const { client } of [onPostgres, onSqlite]) await client.run(SESSIONS_WARM_UP, IN_FLIGHT);
  const { measured, limit, ratio } = await byTurns(
    TURNS,
    () => sessionsOn(onPostgres),
    () => sessionsOn(onSqlite),
  );
  for (const { check } of [onPostgres, onSqlite]) await check();
  return compared('complete sessions per core, PostgreSQL', 0.7, {
    measured: rate(measured),
    limit: `${rate(limit)} on SQLite`,
    ratio,
  });
}

function sessionsOn({ server, client }: Sessions): Promise<number> {
  return perCpuSecond(server, SESSIONS, async () => void (await client.run(SESSIONS, IN_FLIGHT)));
}

/** The GET of a profile, compared with bare node:http. */
async function gets(postgres: TestServer): Promise<Benchmark> {
  const url = await postgres.createDatabase();
  await using folder = newFolder();
  const store = await openStore({ dataDir: folder.path, database: optionsFor(url) });
  await fillWith(store, PROFILES);
  await store.close();
  await using server = await startBenchServer(folder.path, { ESIM_DATABASE_URL: url });
  await using bare = await startProcess('bare-http.ts', ...(await answerOf(server, 0)));
  const ask = (count: number) => requestsPerSecond(server, { profiles: PROFILES, count });
  const askBare = (count: number) => requestsPerSecond(bare, { profiles: PROFILES, count });
  await ask(WARM_UP);
  await askBare(WARM_UP);
  const { measured, limit, ratio } = await byTurns(
    TURNS,
    () => ask(REQUESTS),
    () => askBare(REQUESTS),
  );
  return compared(`GET a profile of ${PROFILES.toLocaleString('en-US')}, PostgreSQL`, 0.2, {
    measured: rate(measured),
    limit: `${rate(limit)} bare node:http`,
    ratio,
  });
}

function compared(
  name: string,
  target: number,
  { measured, limit, ratio }: { readonly measured: string; readonly limit: string; readonly ratio: number },
): Benchmark {
  return {
    name,
    measured,
    limit,
    ratio: ratio.toFixed(2),
    target: `≥ ${target}`,
    isReached: ratio >= target,
  };
}
