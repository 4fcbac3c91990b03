import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../../../../../test/harness/free-port.ts';
import { stocked } from '../../contract/records.harness.ts';
import { StoreUnavailable } from '../../ports/store-error.ts';
import { testMasterKey } from '../../sealing/test-key.harness.ts';
import { openPostgresStore } from '../store.ts';
import {
  installations,
  NO_POSTGRES,
  optionsFor,
  startPostgres,
  type TestServer,
  until,
} from './server.harness.ts';

/** A URL with several hosts, of which one can be used. test/e2e/nodes/failover.test.ts has a real replica. */

const [installation] = installations();
const options = installation === undefined ? { skip: NO_POSTGRES } : {};
let server: TestServer;
before(async () => {
  if (installation !== undefined) server = await startPostgres(installation);
});
after(() => server?.[Symbol.asyncDispose]());

/** A host on which no PostgreSQL answers: it counts who tries. */
async function startOther() {
  let tries = 0;
  const other = createServer((socket) => {
    tries++;
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(other, 'listening');
  return {
    port: (other.address() as AddressInfo).port,
    tries: () => tries,
    [Symbol.dispose]: () => void other.close(),
  };
}

const withHosts = (url: string, ...ports: number[]) =>
  url.replace(/@[^/]+/, `@${ports.map((port) => `127.0.0.1:${port}`).join(',')}`);

test('a host that refuses connections, and one that is silent, are skipped', options, async () => {
  const url = await server.copyDatabase();
  using silent = await startOther();
  const hosts = withHosts(url, await freePort(), silent.port, server.port);
  const store = await openPostgresStore(optionsFor(hosts, { waitMs: 4500 }), testMasterKey);
  const profile = stocked();
  assert.equal(await store.save([{ profile }]), 'saved');
  assert.equal((await store.profile(profile.iccid))?.iccid, profile.iccid);
  assert.ok(silent.tries() > 0);
  await store.close();
});

test('while the connections to the primary are all in use, no other host is tried', options, async () => {
  const url = await server.copyDatabase();
  using other = await startOther();
  const hosts = withHosts(url, server.port, other.port);
  const store = await openPostgresStore(optionsFor(hosts, { waitMs: 600, connections: 1 }), testMasterKey);
  const beside = new pg.Client(url);
  await beside.connect();
  try {
    await beside.query('begin');
    await beside.query('lock table profile');
    const saving = store.save([{ profile: stocked() }]);
    await until(() => store.connections()?.busy === 1);
    await assert.rejects(store.save([{ profile: stocked() }]), StoreUnavailable);
    assert.equal(other.tries(), 0);
    await beside.query('rollback');
    assert.equal(await saving, 'saved');
  } finally {
    await beside.end();
    await store.close();
  }
});

test('hosts of which none can be used are an error that names them all', options, async () => {
  const [one, two] = [await freePort(), await freePort()];
  const hosts = withHosts('postgres://esim:very-secret@x/esim', one, two);
  await assert.rejects(openPostgresStore(optionsFor(hosts, { waitMs: 500 }), testMasterKey), {
    message: new RegExp(
      `^the database postgres://127\\.0\\.0\\.1:${one},127\\.0\\.0\\.1:${two}/esim cannot be used`,
    ),
  });
});

test('a start waits for a database that starts later than the node', options, async () => {
  const url = await server.copyDatabase();
  await server.stop('fast');
  const opening = openPostgresStore(optionsFor(url, { waitMs: 100 }), testMasterKey);
  await sleep(600);
  await server.start();
  const store = await opening;
  assert.equal(await store.save([{ profile: stocked() }]), 'saved');
  await store.close();
});

test('a start with a wrong name does not wait', options, async () => {
  const url = new URL(await server.copyDatabase());
  url.pathname = '/missing';
  const began = performance.now();
  await assert.rejects(openPostgresStore(optionsFor(url.href), testMasterKey), /"missing" does not exist/);
  assert.ok(performance.now() - began < 4000);
});
