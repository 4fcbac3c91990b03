import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { countConnections } from '../../../metrics/database.ts';
import { createMetrics } from '../../../metrics/metrics.ts';
import { stocked } from '../../contract/records.harness.ts';
import { testMasterKey } from '../../sealing/test-key.harness.ts';
import { openMemoryStore } from '../../sqlite/memory.harness.ts';
import { openPostgresStore } from '../store.ts';
import { installations, NO_POSTGRES, optionsFor, startPostgres, until } from './server.harness.ts';

/** What the metrics say about the connections of a process. */

const [installation] = installations();
const options = installation === undefined ? { skip: NO_POSTGRES } : {};

function linesOf(store: Parameters<typeof countConnections>[1]) {
  const metrics = createMetrics('7');
  countConnections(metrics, store);
  return async () => {
    const text = await metrics.registry.metrics();
    const lines = text.split('\n').filter((line) => line.startsWith('esim_database_'));
    return Object.fromEntries(
      lines.map(
        (line) =>
          line
            .replace(/,?worker="7"/, '')
            .replace('{}', '')
            .split(' ') as [string, string],
      ),
    );
  };
}

test('connections, calls that wait for one, and lost ones are counted', options, async () => {
  await using server = await startPostgres(installation ?? assert.fail());
  const url = await server.copyDatabase();
  const store = await openPostgresStore(optionsFor(url, { connections: 2 }), testMasterKey);
  const beside = new pg.Client(url);
  await beside.connect();
  try {
    const lines = linesOf(store);
    const profiles = [stocked(), stocked(), stocked()];
    const opening = Number((await lines()).esim_database_wait_seconds_count);
    await beside.query('begin');
    await beside.query('lock table profile');
    const saving = profiles.map((profile) => store.save([{ profile }]));
    await until(() => store.connections()?.waiting === 1 && store.connections()?.busy === 2);
    const waiting = await lines();
    assert.equal(waiting['esim_database_connections{state="busy"}'], '2');
    assert.equal(waiting['esim_database_connections{state="idle"}'], '0');
    assert.equal(waiting.esim_database_waiting, '1');
    await beside.query('commit');
    assert.deepEqual(await Promise.all(saving), ['saved', 'saved', 'saved']);
    await until(() => store.connections()?.busy === 0);
    const idle = await lines();
    assert.equal(idle['esim_database_connections{state="idle"}'], '2');
    assert.equal(idle.esim_database_waiting, '0');
    assert.equal(idle.esim_database_wait_seconds_count, String(opening + 3));
    assert.equal(idle['esim_database_wait_seconds_bucket{le="+Inf"}'], String(opening + 3));
    assert.ok(Number(idle.esim_database_wait_seconds_sum) > 0);
    assert.equal(idle.esim_database_connects_total, '2');
    assert.equal(idle.esim_database_connections_lost_total, '0');
    assert.equal(idle.esim_database_listening, undefined);
    await beside.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'esim-rsp' and datname = current_database()",
    );
    await until(() => store.connections()?.lost === 2);
    store.watchEvents();
    await until(() => store.connections()?.isListening === true);
    const again = await lines();
    assert.equal(again.esim_database_listening, '1');
    assert.ok(Number(again.esim_database_connects_total) > 2);
  } finally {
    await beside.end();
    await store.close();
  }
});

test('with SQLite there are no lines', async () => {
  const store = await openMemoryStore();
  assert.deepEqual(await linesOf(store)(), {});
  await store.close();
});
