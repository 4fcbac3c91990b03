/**
 * How a PostgreSQL with many profiles compares with one of 10,000: `node bench/postgres-growth.ts 10000000`. By wall time, so that the database counts. It
 * takes half an hour or more to create ten million profiles.
 */

import { openStore } from '@esim-rsp/server/process/data';
import {
  installations,
  NO_POSTGRES,
  optionsFor,
  startPostgres,
} from '#server/store/postgres/testing/server.harness';
import { load } from './load.ts';
import { getOf, listOf } from './rest-client.ts';
import { fillWith, newFolder } from './seed.ts';
import { type BenchServer, startBenchServer } from './server.ts';
import { byTurns, printTable, rate } from './table.ts';

const FEW = 10_000;
const TURNS = 7;
const GOAL = 1.2;
/** Writing back what was changed in memory makes a slow disk keep a batch waiting. */
const LONGEST_SAVE_MS = 300_000;

const many = Number(process.argv[2] ?? 1_000_000);
const installation = installations().at(-1);
if (installation === undefined) throw new Error(NO_POSTGRES);
await using postgres = await startPostgres(installation, [
  'fsync=on',
  'autovacuum=on',
  'shared_buffers=1GB',
  'max_wal_size=8GB',
]);

type Filled = AsyncDisposable & { readonly server: BenchServer; readonly profiles: number };

async function filled(profiles: number): Promise<Filled> {
  const url = await postgres.createDatabase();
  const folder = newFolder();
  const store = await openStore({
    dataDir: folder.path,
    database: optionsFor(url, { statementMs: LONGEST_SAVE_MS }),
  });
  const begin = performance.now();
  await fillWith(store, profiles);
  console.error(`created ${profiles} profiles in ${Math.round((performance.now() - begin) / 1000)} s`);
  await store.close();
  const server = await startBenchServer(folder.path, { ESIM_DATABASE_URL: url });
  return {
    server,
    profiles,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const random = (profiles: number) => Math.floor(Math.random() * profiles);

/** Requests, by what they ask of a database with that many profiles. */
const kinds: Readonly<
  Record<string, { readonly count: number; readonly request: (profiles: number) => string }>
> = {
  'GET a profile': { count: 4000, request: (profiles) => getOf(random(profiles)) },
  'find a profile by its IMSI': {
    count: 1000,
    request: (profiles) => listOf(`?cursor=&imsi=00101${String(random(profiles)).padStart(10, '0')}`),
  },
  'a page of 100': { count: 300, request: () => listOf('?cursor=&count=100') },
  'the newest 100 in a state': {
    count: 300,
    request: () => listOf('?cursor=&count=100&state=RELEASED&sort=-last_operation_date'),
  },
};

async function perSecond({ server, profiles }: Filled, kind: string): Promise<number> {
  const { count, request } = kinds[kind] ?? { count: 0, request: () => '' };
  const begin = performance.now();
  await load(server.port, { connections: 16, count }, () => request(profiles));
  return count / ((performance.now() - begin) / 1000);
}

await using large = await filled(many);
await using small = await filled(FEW);
const rows = [];
for (const kind of Object.keys(kinds)) {
  for (const one of [large, small]) await perSecond(one, kind);
  const { measured, limit, ratio } = await byTurns(
    TURNS,
    () => perSecond(large, kind),
    () => perSecond(small, kind),
  );
  rows.push({
    name: `${kind}, ${many.toLocaleString('en-US')} profiles on PostgreSQL`,
    measured: rate(measured),
    limit: `${rate(limit)} of ${FEW.toLocaleString('en-US')}`,
    ratio: (1 / ratio).toFixed(2),
    target: `≤ ${GOAL}`,
    isReached: 1 / ratio <= GOAL,
  });
}
printTable(rows);
