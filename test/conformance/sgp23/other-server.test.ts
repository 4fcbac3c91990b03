import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readIssuers } from './driver/euicc.ts';
import { readFixtures } from './driver/fixtures.ts';
import { startOwnServer } from './driver/own-server.ts';
import { type Result, runAll } from './runner.ts';

test('against another server only what its fixtures allow is tried', async () => {
  await using server = await startOwnServer();
  const orders = [];
  for (const issuers of [readIssuers(server.pki, 'P-256'), readIssuers(server.pki, 'brainpoolP256r1')])
    orders.push({ kind: 'confirmed', ...(await server.fixtures.order('confirmed', issuers)) });
  const { url, smdpAddress, pki } = server;
  const results: Result[] = [];
  for await (const result of runAll({ url, smdpAddress, pki, fixtures: readFixtures({ orders }), atOnce: 1 }))
    results.push(result);
  assert.ok(results.every(({ result }) => result !== 'failed'));
  const of = (wanted: string) => results.filter(({ id }) => id === wanted).map(({ result }) => result);
  assert.deepEqual(of('4.3.14.2.2 #08'), ['passed', 'passed']);
  assert.deepEqual(of('4.3.14.2.2 #07'), ['skipped', 'skipped']);
});
