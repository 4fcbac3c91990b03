import { openConnection } from '../load.ts';
import { getOf, listOf, serverWith } from '../rest-client.ts';
import { scaled } from '../scale.ts';
import { type Benchmark, byTurns } from '../table.ts';

const MANY = scaled(1_000_000);
const WARM_UP = scaled(500);
const REQUESTS = scaled(100);
const TURNS = scaled(9);
const TARGET = 3;

const lists = {
  'page of 100 of 1,000,000': '?cursor=&count=100',
  'page of 100 in a state': '?cursor=&count=100&state=RELEASED',
  'page of 100, changed last': '?cursor=&count=100&sort=-last_operation_date',
  'page of 100 by IMSI': '?cursor=&count=100&text=001010000',
} as const;

/** Pages of the list with a million stored profiles, one after another, compared with a single GET. */
export async function measure(): Promise<Benchmark[]> {
  await using server = await serverWith(MANY);
  const { exchange, close } = await openConnection(server.port);
  /** Milliseconds that a caller waits. */
  const waited = async (requests: readonly string[]) => {
    const start = performance.now();
    for (const request of requests) await exchange(request);
    return (performance.now() - start) / requests.length;
  };
  const gets = (count: number) =>
    waited(Array.from({ length: count }, () => getOf(Math.floor(Math.random() * MANY))));
  const benchmarks: Benchmark[] = [];
  for (const [name, query] of Object.entries(lists)) {
    const pages = (count: number) => waited(Array.from({ length: count }, () => listOf(query)));
    await gets(WARM_UP);
    await pages(WARM_UP);
    const { measured, limit, ratio } = await byTurns(
      TURNS,
      () => pages(REQUESTS),
      () => gets(REQUESTS),
    );
    benchmarks.push({
      name,
      measured: `${measured.toFixed(2)} ms`,
      limit: `${limit.toFixed(2)} ms a GET`,
      ratio: ratio.toFixed(2),
      target: `≤ ${TARGET}`,
      isReached: ratio <= TARGET,
    });
  }
  close();
  return benchmarks;
}
