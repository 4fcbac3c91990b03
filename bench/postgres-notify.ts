/**
 * What it costs to notify other processes of events: `node bench/postgres-notify.ts`. Many connections save events, every commit synced: without
 * notifications, with one inside of each save, and with those of the store, which come after the commits, many at once. Two processes listen.
 */

import pg from 'pg';
import { next } from '#server/store/contract/records.harness';
import { Batch, type Call, type Prepared } from '#server/store/postgres/connection/batch';
import { createNews } from '#server/store/postgres/connection/news';
import { createAnnouncer } from '#server/store/postgres/connection/notifications';
import { statementOf } from '#server/store/postgres/connection/statements';
import { insertEvent } from '#server/store/postgres/logs/events';
import { installations, startPostgres } from '#server/store/postgres/testing/server.harness';

const SECONDS = 4;
const ROUNDS = 3;
const LISTENERS = 2;

const notifyInside = statementOf(`select pg_notify('esim_rsp_events', $1)`);
const statistic = statementOf(
  `select cast(count(*) filter (where wait_event = 'object') as int) as locked from pg_stat_activity`,
);

type Connection = { readonly run: (calls: readonly Call[]) => Promise<unknown>; readonly end: () => unknown };

async function connectionTo(url: string): Promise<Connection> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const prepared: Prepared = new Map();
  const run = (calls: readonly Call[]) => {
    const batch = new Batch(calls, prepared);
    client.query(batch);
    return batch.results;
  };
  return { run, end: () => client.end() };
}

const newEvent = (): Call =>
  insertEvent({
    type: 'profile.released',
    account: 'a',
    iccid: next.iccid(),
    at: 1,
    actor: { kind: 'system' },
    to: 'RELEASED',
  });

type Way = { readonly name: string; readonly isInside?: true; readonly announce?: () => void };

/** Saves as fast as the connections can, and looks now and then how many of them wait for the lock of NOTIFY. */
async function measure({ isInside, announce }: Way, connections: readonly Connection[], look: Connection) {
  const until = performance.now() + SECONDS * 1000;
  let [saves, looks, locked] = [0, 0, 0];
  const save = async ({ run }: Connection) => {
    while (performance.now() < until) {
      await run([newEvent(), ...(isInside ? [{ statement: notifyInside, values: ['bench'] }] : [])]);
      announce?.();
      saves++;
    }
  };
  const watch = async () => {
    while (performance.now() < until) {
      const [found] = (await look.run([{ statement: statistic, values: [] }])) as {
        rows: [{ locked: number }];
      }[];
      [looks, locked] = [looks + 1, locked + (found?.rows[0].locked ?? 0)];
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await Promise.all([...connections.map(save), watch()]);
  return { perSecond: saves / SECONDS, waiting: locked / looks };
}

const installation = installations()[0];
if (installation === undefined) throw new Error('there is no PostgreSQL');
await using server = await startPostgres(installation, ['fsync=on', 'autovacuum=on']);
const url = await server.copyDatabase();
const listeners = await Promise.all(Array.from({ length: LISTENERS }, () => connectionTo(url)));
for (const { run } of listeners)
  await run([{ statement: statementOf('listen esim_rsp_events'), values: [] }]);
const look = await connectionTo(url);
const sender = await connectionTo(url);
let notifications = 0;
const { announce, finish } = createAnnouncer(
  {
    change: async (statement, ...values) => {
      notifications++;
      await sender.run([{ statement, values }]);
      return 1;
    },
  },
  createNews(),
);
const ways: readonly Way[] = [
  { name: 'without notifications' },
  { name: 'one inside of each save', isInside: true },
  { name: 'after the commits, as the store does', announce },
];
console.log(
  `PostgreSQL ${installation.version}; saves per second, and connections that wait for the lock of NOTIFY\n`,
);
for (const count of [8, 64]) {
  const connections = await Promise.all(Array.from({ length: count }, () => connectionTo(url)));
  for (let round = 0; round < ROUNDS; round++)
    for (const way of ways) {
      const before = notifications;
      const { perSecond, waiting } = await measure(way, connections, look);
      const sent =
        way.announce === undefined
          ? ''
          : `   ${((notifications - before) / SECONDS).toFixed(0)} notifications per second`;
      console.log(
        `${String(count).padStart(3)} connections   ${way.name.padEnd(38)} ${perSecond.toFixed(0).padStart(6)}   ${waiting.toFixed(1).padStart(5)}${sent}`,
      );
    }
  await Promise.all(connections.map(({ end }) => end()));
}
await finish();
await Promise.all([...listeners, look, sender].map(({ end }) => end()));
