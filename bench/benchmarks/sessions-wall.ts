import { scaled } from '../scale.ts';
import { type Sessions, startSessions } from '../sessions-run.ts';
import { type Benchmark, byTurns, median, rate } from '../table.ts';

const PHONES = 8;
const WARM_UP = scaled(3000);
const SESSIONS = scaled(400);
const TURNS = scaled(9);
const TARGET = 0.8;
const BUSY = 0.9;

/** Complete sessions per second of wall time, compared with the same server without a sync to the disk: what waiting for the disk costs. */
export async function measure(): Promise<Benchmark[]> {
  await using synced = await startSessions(ALL, {});
  await using unsynced = await startSessions(ALL, { NODE_OPTIONS: `--import ${withoutSync}` });
  for (const { client } of [synced, unsynced]) await client.run(WARM_UP, PHONES);
  const busy: number[] = [];
  const { measured, limit, ratio } = await byTurns(
    TURNS,
    async () => (await runOn(synced)).perSecond,
    async () => {
      const run = await runOn(unsynced);
      busy.push(run.busy);
      return run.perSecond;
    },
  );
  for (const { check } of [synced, unsynced]) await check();
  const share = median(busy);
  return [
    {
      name: `sessions per second of wall time, ${PHONES} phones at a time`,
      measured: rate(measured),
      limit: `${rate(limit)} without syncs, its core ${Math.round(share * 100)} % busy`,
      ratio: ratio.toFixed(2),
      target: `≥ ${TARGET}`,
      isReached: ratio >= TARGET && share >= BUSY,
    },
  ];
}

const ALL = WARM_UP + SESSIONS * TURNS;
const withoutSync = new URL('../processes/without-sync.ts', import.meta.url).href;

/** Sessions per second, and the part of that time in which the server used a core. */
async function runOn({ server, client }: Sessions): Promise<{ perSecond: number; busy: number }> {
  const before = await server.usage();
  const seconds = await client.run(SESSIONS, PHONES);
  const after = await server.usage();
  return { perSecond: SESSIONS / seconds, busy: (after.cpuSeconds - before.cpuSeconds) / seconds };
}
