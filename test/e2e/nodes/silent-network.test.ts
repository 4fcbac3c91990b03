import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreUnavailable } from '#server/store/ports/store-error';
import { openPostgresStore } from '#server/store/postgres/store';
import {
  installations,
  NO_POSTGRES,
  optionsFor,
  startPostgres,
} from '#server/store/postgres/testing/server.harness';
import { testMasterKey } from '#server/store/sealing/test-key.harness';
import { startDatabaseProxy } from '../../faults/database-proxy.ts';
import { released, subscription } from '../../harness/profiles.ts';
import { until } from '../../harness/receiver.ts';
import { account, startServer } from '../../harness/server.ts';
import { linesOf, sumOf } from '../metrics/lines.ts';

/** The network between a server and its database loses everything, and says nothing. */

const [installation] = installations();
const STATEMENT_MS = 3000;
/** What the server adds, because the database should have ended the statement itself. */
const GRACE_MS = 2000;
const WAIT_MS = 500;
/** For a slow machine. */
const SLACK_MS = 4000;
const token = 'a-token-for-these-tests';

test('calls over a network that loses everything get 503 in bounded time, and only the first of them wait for an answer', {
  skip: installation === undefined && NO_POSTGRES,
}, async () => {
  await using database = await startPostgres(installation ?? assert.fail());
  using proxy = await startDatabaseProxy(database.port);
  const url = new URL(await database.createDatabase());
  url.port = String(proxy.port);
  await using server = await startServer({
    ESIM_DATABASE_URL: url.href,
    ESIM_DATABASE_STATEMENT_MS: String(STATEMENT_MS),
    ESIM_DATABASE_WAIT_MS: String(WAIT_MS),
    ESIM_METRICS_PORT: '0',
    ESIM_METRICS_TOKEN: token,
  });
  const request = async (path: string, body?: object) => {
    const began = performance.now();
    const response = await fetch(`${server.restUrl}/api/v1/esim/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'x-user-id': account.ESIM_BOOTSTRAP_USER_ID,
        'x-api-key': account.ESIM_BOOTSTRAP_API_KEY,
        'content-type': 'application/json',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const problem = (await response.json()) as { code?: string };
    return {
      status: response.status,
      code: problem.code,
      retry: response.headers,
      ms: performance.now() - began,
    };
  };
  const { iccid } = await released(server);
  // several connections are open, and idle
  await Promise.all(Array.from({ length: 8 }, () => request(`euicc-profiles/${iccid}`)));
  await until(async () => sumOf(await linesOf(server, token), /^esim_database_listening/) === 1);

  proxy.loseAll();
  const created = Array.from({ length: 4 }, () => subscription());
  const refused = await Promise.all([
    ...created.map((parameters) => request('euicc-profiles', { parameters })),
    ...Array.from({ length: 4 }, () => request(`euicc-profiles/${iccid}`)),
  ]);
  for (const { status, code, retry, ms } of refused) {
    assert.deepEqual([status, code], [503, 'busy']);
    assert.ok(Number(retry.get('retry-after')) > 0);
    assert.ok(ms < STATEMENT_MS + GRACE_MS + 2 * WAIT_MS + SLACK_MS, `${ms} ms`);
  }
  const again = await request(`euicc-profiles/${iccid}`);
  assert.equal(again.status, 503);
  assert.ok(
    again.ms < STATEMENT_MS + GRACE_MS,
    `the next call does not wait for an idle connection: ${again.ms} ms`,
  );
  const ready = await fetch(`${server.restUrl}/readyz`);
  assert.equal(ready.status, 503);
  await ready.body?.cancel();
  await until(async () => sumOf(await linesOf(server, token), /^esim_database_listening/) === 0);

  proxy.heal();
  await until(async () => (await request(`euicc-profiles/${iccid}`)).status === 200);
  for (const parameters of created) {
    assert.equal((await request(`euicc-profiles/${parameters.iccid}`)).status, 404, 'nothing is half done');
    assert.equal((await request('euicc-profiles', { parameters })).status, 201);
  }
  await until(async () => sumOf(await linesOf(server, token), /^esim_database_listening/) === 1);
});

test('a store goes to the next host of its URL when the network to the first one loses everything', {
  skip: installation === undefined && NO_POSTGRES,
}, async () => {
  await using database = await startPostgres(installation ?? assert.fail());
  using proxy = await startDatabaseProxy(database.port);
  const url = (await database.copyDatabase()).replace('@', `@127.0.0.1:${proxy.port},`);
  const store = await openPostgresStore(optionsFor(url, { statementMs: 500, waitMs: 4000 }), testMasterKey);
  try {
    await store.tryWrite();
    proxy.loseAll();
    await assert.rejects(store.tryWrite(), StoreUnavailable);
    await store.tryWrite();
    await store.tryWrite();
  } finally {
    await store.close();
  }
});
