import { setTimeout as sleep } from 'node:timers/promises';
import { load } from '../load.ts';
import { getOf, listOf } from '../rest-client.ts';
import { isQuick, scaled } from '../scale.ts';
import { type Sessions, startSessions } from '../sessions-run.ts';
import type { Benchmark } from '../table.ts';

/** As many eUICCs as the server remembers the certificates of, and more: its caches are full then. */
const WARM_UP = scaled(5000);
const SECONDS = scaled(600);
const SESSIONS_A_SECOND = 10;
const REQUESTS_A_SECOND = 400;
const CONNECTIONS = 8;
const TARGET = 1;

/** Downloads, GETs and pages for ten minutes at a rate that the server can serve: how its resident memory without garbage grows in the last five. */
export async function measure(): Promise<Benchmark[]> {
  await using sessions = await startSessions(WARM_UP + SECONDS * SESSIONS_A_SECOND, {
    NODE_OPTIONS: '--expose-gc',
  });
  await sessions.client.run(WARM_UP, CONNECTIONS);
  const samples: Sample[] = [];
  const start = performance.now();
  for (let second = 0; second < SECONDS; second++) {
    await Promise.all([
      sessions.client.run(SESSIONS_A_SECOND, CONNECTIONS),
      readSome(sessions),
      sleep(1000 * (isQuick ? 0.1 : 1)),
    ]);
    const { rssBytes } = await sessions.server.usage();
    samples.push({ minute: (performance.now() - start) / 60_000, megabytes: rssBytes / 1e6 });
    if (second % 60 === 59) console.error(`  minute ${(second + 1) / 60}: ${Math.round(rssBytes / 1e6)} MB`);
  }
  await sessions.check();
  const growth = slopeOf(samples.slice(samples.length / 2));
  return [
    {
      name: 'growth of memory, last 5 of 10 minutes',
      measured: `${growth.toFixed(2)} MB a minute`,
      limit: `${Math.round(samples.at(-1)?.megabytes ?? 0)} MB at the end`,
      ratio: '',
      target: `≤ ${TARGET} MB`,
      isReached: growth <= TARGET,
    },
  ];
}

/** GETs of profiles, and pages of their list. */
function readSome({ server, profiles }: Sessions): Promise<void> {
  const anyProfile = () => getOf(Math.floor(Math.random() * profiles));
  const next = (i: number) => (i % 20 === 0 ? listOf('?cursor=&count=100') : anyProfile());
  return load(server.restPort, { connections: CONNECTIONS, count: REQUESTS_A_SECOND }, next);
}

type Sample = { readonly minute: number; readonly megabytes: number };

/** Megabytes a minute: the slope of the straight line through the samples with the least squares. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const minute = mean(samples.map((one) => one.minute));
  const megabytes = mean(samples.map((one) => one.megabytes));
  const covariance = mean(samples.map((one) => (one.minute - minute) * (one.megabytes - megabytes)));
  return covariance / mean(samples.map((one) => (one.minute - minute) ** 2));
}
