import type { Measured } from '../process.ts';
import { requestsPerSecond } from '../rest-client.ts';
import { scaled } from '../scale.ts';
import { seededFolder } from '../seed.ts';
import { startBenchServer } from '../server.ts';
import { type Benchmark, byTurns, rate } from '../table.ts';

const PROFILES = scaled(1000);
const WARM_UP = scaled(60_000);
const REQUESTS = scaled(10_000);
const TURNS = scaled(25);
const TARGET = 0.98;

/** What the metrics cost: a GET of a server that counts, compared with one that does not. */
export async function measure(): Promise<Benchmark[]> {
  await using counting = await startBenchServer(await seededFolder(PROFILES), { ESIM_METRICS_PORT: '0' });
  await using plain = await startBenchServer(await seededFolder(PROFILES + 1)); // a folder of its own
  const ask = (server: Measured, count = REQUESTS) =>
    requestsPerSecond(server, { profiles: PROFILES, count });
  await ask(counting, WARM_UP);
  await ask(plain, WARM_UP);
  const speed = await byTurns(
    TURNS,
    () => ask(counting),
    () => ask(plain),
  );
  return [
    {
      name: 'GET a profile, with metrics',
      measured: rate(speed.measured),
      limit: `${rate(speed.limit)} without`,
      ratio: speed.ratio.toFixed(3),
      target: `≥ ${TARGET}`,
      isReached: speed.ratio >= TARGET,
    },
  ];
}
