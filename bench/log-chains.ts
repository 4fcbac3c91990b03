/**
 * What the chains of the logs cost: `node bench/log-chains.ts`. It fills a store with events, and measures how long the job takes for an entry, how
 * many octets a link has, and how long a verification takes.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyChains } from '@esim-rsp/server/chain/verify';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import pg from 'pg';
import { chainSlices } from '#server/jobs/chain-logs';
import { next } from '#server/store/contract/records.harness';
import { openPostgresStore } from '#server/store/postgres/store';
import { installations, optionsFor, startPostgres } from '#server/store/postgres/testing/server.harness';
import { testMasterKey } from '#server/store/sealing/test-key.harness';
import { openSqliteStore } from '#server/store/sqlite/store';

const [EVENTS, AT_ONCE, ACCOUNTS] = [20_000, 500, 20];

async function fill(store: ServerStore): Promise<void> {
  for (let i = 0; i < EVENTS; i += AT_ONCE)
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, n) =>
        store.save([
          {
            event: {
              type: 'profile.installed',
              account: `1a6b9c1e-0000-4000-8000-0000000000${10 + (n % ACCOUNTS)}`,
              iccid: next.iccid(),
              at: Date.now(),
              actor: { kind: 'device', eid: next.eid() },
              to: 'INSTALLED',
              transactionId: next.transactionId(),
            },
          },
        ]),
      ),
    );
}

async function measure(engine: string, store: ServerStore, bytes: () => Promise<number>): Promise<void> {
  await fill(store);
  const before = await bytes();
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  while (await chainSlices({ store, node: 'bench', random: systemRandom }));
  const { user, system } = process.cpuUsage(cpu);
  const elapsed = performance.now() - start;
  const size = (await bytes()) - before;
  const verifyStart = performance.now();
  const { entries, differences } = await verifyChains(store);
  if (entries !== EVENTS || differences.length > 0) throw new Error(JSON.stringify(differences));
  const per = (value: number) => (value / EVENTS).toFixed(1);
  console.log(
    `${engine}: chained ${EVENTS} events; for each ${per(user + system)} µs of processor time, ${per(elapsed * 1000)} µs in all, ${per(size)} octets (an event: ${per(before)}); verified in ${per((performance.now() - verifyStart) * 1000)} µs each`,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'esim-bench-'));
try {
  const path = join(folder, 'store.db');
  const store = await openSqliteStore(path);
  await measure('SQLite', store, () => store.databaseBytes());
  await store.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const installation = installations()[0];
if (installation !== undefined) {
  await using server = await startPostgres(installation, ['fsync=on']);
  const url = await server.copyDatabase();
  const store = await openPostgresStore(optionsFor(url), testMasterKey);
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const bytes = async () => {
    const { rows } = await client.query(
      'select sum(pg_total_relation_size(oid)) as sum from pg_class where relname in ($1, $2, $3)',
      ['event', 'chain_link', 'chain'],
    );
    return Number(rows[0].sum);
  };
  await measure(`PostgreSQL ${installation.version}`, store, bytes);
  await client.end();
  await store.close();
}
