import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { viewColumns } from '#server/store/rows/profile-view';
import { openConnection } from '../load.ts';
import { perCpuSecond } from '../process.ts';
import { bodyOf, listOf } from '../rest-client.ts';
import { scaled } from '../scale.ts';
import { ACCOUNT, seededFolder } from '../seed.ts';
import { type BenchServer, startBenchServer } from '../server.ts';
import { type Benchmark, byTurns, rate } from '../table.ts';

const MANY = scaled(1_000_000);
const WARM_UP = scaled(500);
const PAGES = scaled(200);
const TURNS = scaled(9);
const TARGET = 0.6;

type List = {
  readonly name: string;
  readonly query: string;
  /** By default that of the account, which sees codes. */
  readonly apiKey?: string;
  /** What a statement needs to read the same rows. */
  readonly where?: string;
  readonly order: string;
};

const lists: readonly List[] = [
  { name: 'page of 100 of 1,000,000', query: '?cursor=&count=100', order: 'iccid' },
  {
    name: 'page of 100 in a state',
    query: '?cursor=&count=100&state=RELEASED',
    where: "state = 'RELEASED'",
    order: 'iccid',
  },
  {
    name: 'page of 100, changed last',
    query: '?cursor=&count=100&sort=-last_operation_date',
    order: 'changed_at desc, iccid desc',
  },
  {
    name: 'page of 100 by IMSI',
    query: '?cursor=&count=100&text=001010000',
    where: "imsi >= '001010000' and imsi < '001010001'",
    order: 'imsi, iccid',
  },
];

/**
 * Pages of the list with a million stored profiles, compared with a prepared statement that reads the same columns, and `JSON.stringify` of the
 * same page. A key that sees codes has a hundred sealed values opened for each page; one that only reads has none.
 */
export async function measure(): Promise<Benchmark[]> {
  const folder = await seededFolder(MANY);
  await using server = await startBenchServer(folder);
  const db = new DatabaseSync(join(folder, 'esim.db'), { readOnly: true });
  try {
    const benchmarks: Benchmark[] = [];
    const { data: reader } = await server.api.createApiKey({ name: 'bench', permissions: ['read'] });
    for (const list of lists) {
      benchmarks.push(await measureList(list, server, db));
      const withoutCodes = { ...list, name: `${list.name}, without codes`, apiKey: reader.api_key };
      benchmarks.push(await measureList(withoutCodes, server, db));
    }
    return benchmarks;
  } finally {
    db.close();
  }
}

async function measureList({ name, query, apiKey, ...list }: List, server: BenchServer, db: DatabaseSync) {
  const request = listOf(query, apiKey);
  const page: unknown = JSON.parse((await bodyOf(server, request)).toString());
  const read = db.prepare(statementOf(list));
  const { exchange, close } = await openConnection(server.port);
  const ask = (count: number) =>
    perCpuSecond(server, count, async () => {
      for (let i = 0; i < count; i++) await exchange(request);
    });
  await ask(WARM_UP);
  pagesPerCpuSecond(read, page, WARM_UP);
  const { measured, limit, ratio } = await byTurns(
    TURNS,
    () => ask(PAGES),
    async () => pagesPerCpuSecond(read, page, PAGES),
  );
  close();
  return {
    name,
    measured: rate(measured),
    limit: `${rate(limit)} statement and JSON`,
    ratio: ratio.toFixed(2),
    target: `≥ ${TARGET}`,
    isReached: ratio >= TARGET,
  };
}

function statementOf({ where, order }: Pick<List, 'where' | 'order'>): string {
  const also = where === undefined ? '' : ` and ${where}`;
  return `select ${viewColumns.join(', ')} from profile where account = ?${also} order by ${order} limit 100`;
}

function pagesPerCpuSecond(read: StatementSync, page: unknown, count: number): number {
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) {
    if (read.all(ACCOUNT).length !== Math.min(100, MANY)) throw new Error('the page is not full');
    JSON.stringify(page);
  }
  const { user, system } = process.cpuUsage(start);
  return count / ((user + system) / 1e6);
}
