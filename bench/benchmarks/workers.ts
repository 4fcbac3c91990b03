import { cpuSecondsOfTree } from '../process-tree.ts';
import { scaled } from '../scale.ts';
import { type Sessions, startSessions } from '../sessions-run.ts';
import { type Benchmark, byTurns } from '../table.ts';

const IN_FLIGHT = 64;
const WARM_UP = scaled(5000);
const SESSIONS = scaled(500);
const TURNS = scaled(9);
const TARGET = 1.15;

/** The processor time of a complete session on a server with two workers, with that of the process that hands connections out, compared with one worker. */
export async function measure(): Promise<Benchmark[]> {
  if (process.platform !== 'linux') return [];
  await using two = await startSessions(ALL, { ESIM_WORKERS: '2' });
  await using one = await startSessions(ALL, {});
  for (const { client } of [two, one]) await client.run(WARM_UP, IN_FLIGHT);
  const { measured, limit, ratio } = await byTurns(
    TURNS,
    () => secondsPerSession(two),
    () => secondsPerSession(one),
  );
  for (const { check } of [two, one]) await check();
  return [
    {
      name: 'server CPU per session, 2 workers',
      measured: milliseconds(measured),
      limit: `${milliseconds(limit)} with 1 worker`,
      ratio: ratio.toFixed(2),
      target: `≤ ${TARGET}`,
      isReached: ratio <= TARGET,
    },
  ];
}

const ALL = WARM_UP + SESSIONS * TURNS;

async function secondsPerSession({ server, client }: Sessions): Promise<number> {
  const before = cpuSecondsOfTree(server.pid);
  await client.run(SESSIONS, IN_FLIGHT);
  return (cpuSecondsOfTree(server.pid) - before) / SESSIONS;
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(2)} ms`;
}
