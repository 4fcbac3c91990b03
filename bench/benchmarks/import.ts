import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { importPackages } from '../import-client.ts';
import { packageOf } from '../packages.ts';
import { perCpuSecond } from '../process.ts';
import { scaled } from '../scale.ts';
import { iccidOf } from '../seed.ts';
import { startBenchServer } from '../server.ts';
import { type Benchmark, byTurns, rate } from '../table.ts';

const PACKAGE_BYTES = 12_000;
const WARM_UP = scaled(2000);
const ROWS = scaled(2000);
const TURNS = scaled(7);
const TARGET = 0.5;
const MEGABYTES = 500;

/** The bulk import of 12 kB packages into a SQLite file, compared with a prepared insert of the same bytes in a loop. */
export async function measure(): Promise<Benchmark[]> {
  const folder = mkdtempSync(join(tmpdir(), 'esim-bench-import-'));
  try {
    await using server = await startBenchServer(join(folder, 'data'));
    const benchmarks = [];
    let next = 0;
    let megabytes = 0;
    for (const protection of ['ppk', 'session_keys'] as const) {
      const bring = async (count: number) => {
        const packages = Array.from({ length: count }, (_, i) => packageOf(next + i, PACKAGE_BYTES));
        next += count;
        const measured = await perCpuSecond(server, count, () =>
          importPackages(server, packages, protection),
        );
        megabytes = Math.max(megabytes, (await server.usage()).rssBytes / 1e6);
        return measured;
      };
      await bring(WARM_UP);
      benchmarks.push({
        protection,
        ...(await byTurns(
          TURNS,
          () => bring(ROWS),
          async () => measureInserts(folder),
        )),
      });
    }
    return [...benchmarks.map(benchmarkOf), memoryBenchmark(megabytes)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Measured = {
  readonly protection: string;
  readonly measured: number;
  readonly limit: number;
  readonly ratio: number;
};

function benchmarkOf({ protection, measured, limit, ratio }: Measured): Benchmark {
  return {
    name: `bulk import of 12 kB packages, ${protection}`,
    measured: rate(measured),
    limit: `${rate(limit)} prepared inserts`,
    ratio: ratio.toFixed(2),
    target: `≥ ${TARGET}`,
    isReached: ratio >= TARGET,
  };
}

function memoryBenchmark(megabytes: number): Benchmark {
  const isReached = megabytes < MEGABYTES;
  return {
    name: 'resident memory of the import',
    measured: `${Math.round(megabytes)} MB`,
    limit: '',
    ratio: '',
    target: `< ${MEGABYTES} MB`,
    isReached,
  };
}

/** Rows per second of processor time: one table, one commit per 64 rows, as durable as the server's. */
function measureInserts(folder: string): number {
  const path = join(folder, 'plain.db');
  const db = new DatabaseSync(path);
  db.exec('pragma journal_mode = wal; pragma synchronous = full');
  db.exec('create table profile_content (iccid text primary key not null, package blob not null)');
  const insert = db.prepare('insert into profile_content (iccid, package) values (?, ?)');
  const packages = Array.from({ length: ROWS }, (_, i) => packageOf(i, PACKAGE_BYTES));
  const start = process.cpuUsage();
  for (const [i, upp] of packages.entries()) {
    if (i % 64 === 0) db.exec('begin');
    insert.run(iccidOf(i), upp);
    if (i % 64 === 63 || i === ROWS - 1) db.exec('commit');
  }
  const { user, system } = process.cpuUsage(start);
  db.close();
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
  return ROWS / ((user + system) / 1e6);
}
