/**
 * Ways to save a decision in PostgreSQL, compared: `node bench/postgres-saves.ts`. Each save writes the next version of a session and of a profile, and an
 * event, with the statements of the store. `npm install --no-save postgres` adds the driver postgres.js to the comparison.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { next, ownSession, refusedSession, released } from '#server/store/contract/records.harness';
import { Batch, type Call, type Prepared } from '#server/store/postgres/connection/batch';
import { insertEvent } from '#server/store/postgres/logs/events';
import { writeProfile } from '#server/store/postgres/profile-writer';
import { writeSession } from '#server/store/postgres/sessions';
import { openPostgresStore } from '#server/store/postgres/store';
import { installations, optionsFor, startPostgres } from '#server/store/postgres/testing/server.harness';
import { testMasterKey } from '#server/store/sealing/test-key.harness';

const SAVES = 2000;
const CONNECTIONS = 8;

type Save = (calls: readonly Call[], connection: number) => Promise<unknown>;
type Way = { readonly name: string; readonly save: Save; readonly end: () => Promise<unknown> };

const pick = (calls: readonly Call[]) => calls.map(({ statement, values }) => ({ ...statement, values }));
const wire = (values: readonly unknown[]) =>
  values.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : (value ?? null)));

/** One statement: each of them a CTE, with its values behind those of the ones before. */
function oneStatement(calls: readonly Call[]): { text: string; values: unknown[] } {
  let before = 0;
  const parts = calls.map(({ statement, values }, i) => {
    const text = statement.text.replaceAll(/\$(\d+)/g, (_, place) => `$${Number(place) + before}`);
    before += values.length;
    const inner = /^with written as \((.*) returning 1\) select/s.exec(text)?.[1] ?? text;
    return `w${i} as (${inner} returning 1)`;
  });
  const checks = calls.map((_, i) => `require_one((select count(*) from w${i}))`);
  return {
    text: `with ${parts.join(', ')} select ${checks.join(', ')}`,
    values: calls.flatMap(({ values }) => values),
  };
}

async function clientsOf(url: string): Promise<pg.Client[]> {
  const clients = Array.from({ length: CONNECTIONS }, () => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  return clients;
}

async function waysOfPg(url: string): Promise<Way[]> {
  const clients = await clientsOf(url);
  const prepared = clients.map((): Prepared => new Map());
  const end = () => Promise.all(clients.map((client) => client.end()));
  const of = (connection: number) => clients[connection] as pg.Client;
  const batch = (calls: readonly Call[], connection: number, known: Prepared | undefined) => {
    const all = new Batch(calls, known);
    of(connection).query(all);
    return all.results;
  };
  const nothing = async () => undefined;
  return [
    {
      name: 'pg, batch with one Sync, prepared',
      end: nothing,
      save: (calls, i) => batch(calls, i, prepared[i]),
    },
    {
      name: 'pg, batch with one Sync, not prepared',
      end: nothing,
      save: (calls, i) => batch(calls, i, undefined),
    },
    {
      name: 'pg, one statement with CTEs, prepared',
      end: nothing,
      save: (calls, i) => {
        const { text, values } = oneStatement(calls);
        return of(i).query({ name: 'one', text, values: wire(values) });
      },
    },
    {
      name: 'pg, begin, three statements, commit',
      end,
      save: async (calls, i) => {
        await of(i).query('begin');
        for (const { text, name, values } of pick(calls))
          await of(i).query({ text, name: `own_${name}`, values: wire(values) });
        await of(i).query('commit');
      },
    },
  ];
}

async function waysOfPostgresJs(url: string): Promise<Way[]> {
  const name = 'postgres';
  const found = await import(name).catch(() => undefined);
  if (found === undefined) return [];
  const sql = found.default(url, { max: CONNECTIONS, onnotice: () => undefined });
  return [
    {
      name: 'postgres.js, sql.begin with pipelined statements, prepared',
      end: async () => undefined,
      save: (calls) =>
        sql.begin((own: typeof sql) =>
          pick(calls).map(({ text, values }) => own.unsafe(text, wire(values), { prepare: true })),
        ),
    },
    {
      name: 'postgres.js, one statement with CTEs, prepared',
      end: () => sql.end(),
      save: (calls) => {
        const { text, values } = oneStatement(calls);
        return sql.unsafe(text, wire(values), { prepare: true });
      },
    },
  ];
}

/** Runs the saves, `CONNECTIONS` of them at a time, or one after the other. */
async function measure(save: Save, decisions: readonly (readonly Call[])[], connections: number) {
  const cpu = process.cpuUsage();
  const began = performance.now();
  let at = 0;
  const work = async (connection: number) => {
    while (at < decisions.length) await save(decisions[at++] as readonly Call[], connection);
  };
  await Promise.all(Array.from({ length: connections }, (_, i) => work(i)));
  const { user, system } = process.cpuUsage(cpu);
  return {
    cpu: (user + system) / decisions.length,
    wall: ((performance.now() - began) * 1000) / decisions.length,
  };
}

const installation = installations()[0];
if (installation === undefined) throw new Error('there is no PostgreSQL');
await using server = await startPostgres(installation, ['fsync=on', 'autovacuum=on']);
const url = await server.copyDatabase();
const store = await openPostgresStore(optionsFor(url), testMasterKey);
const records = Array.from({ length: 200 }, () => ({
  profile: released(),
  session: ownSession(refusedSession()),
}));
await store.save(records.flatMap(({ profile, session }) => [{ profile }, { session }]));
const versions = records.map(() => 1);
const decide = (i: number): Call[] => {
  const at = i % records.length;
  const { profile, session } = records[at] as (typeof records)[number];
  const version = versions[at] as number;
  versions[at] = version + 1;
  const event = {
    type: 'profile.released',
    account: 'a',
    iccid: next.iccid(),
    at: i,
    actor: { kind: 'system' },
    to: 'RELEASED',
  } as const;
  return [writeSession({ ...session, version }), writeProfile({ ...profile, version }), insertEvent(event)];
};
console.log(`PostgreSQL ${installation.version}, every commit synced; microseconds for each save\n`);
for (const { name, save, end } of [...(await waysOfPg(url)), ...(await waysOfPostgresJs(url))]) {
  const decisions = (count: number) => Array.from({ length: count }, (_, i) => decide(i));
  await measure(save, decisions(200), 1);
  const alone = await measure(save, decisions(SAVES / 4), 1);
  const together = await measure(save, decisions(SAVES), CONNECTIONS);
  console.log(
    `${name.padEnd(60)} alone ${alone.wall.toFixed(0).padStart(6)}   ${CONNECTIONS} at a time ${together.wall.toFixed(0).padStart(6)}   of this process ${together.cpu.toFixed(0).padStart(5)}`,
  );
  await end();
  await sleep(200);
}
await store.close();
