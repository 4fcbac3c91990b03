import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { es2plusToOperator } from '@esim-rsp/sgp22/functions/es2plus';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import type { Env } from '@esim-rsp/smdp/env';
import { createBuckets } from '../../limits/buckets.ts';
import { parseNetworks } from '../../limits/networks.ts';
import { someUpstream } from '../../store/contract/gateway/upstream.testdata.ts';
import { put, released } from '../../store/contract/records.harness.ts';
import type { Upstream } from '../../store/ports/gateway/upstreams.ts';
import { openMemoryStore } from '../../store/sqlite/memory.harness.ts';
import type { ClientCertificate } from './client-certificate.ts';
import { es2Listener } from './listener.ts';
import { answerProgress } from './progress.ts';

const AT = Date.UTC(2026, 2, 1, 10);
const eid = parseEid('89049032123451234512345678901235');
const client = {} as ClientCertificate;

/** Reports of the upstreams of a certificate, at a server that allows so many a minute; and what was logged. */
async function reporting(perMinute: number) {
  const store = await openMemoryStore();
  const lines: string[] = [];
  const note = (what: string) => (name: string) => void lines.push(`${what} ${name}`);
  let now = AT;
  const send = (upstreams: readonly Upstream[], members: object) =>
    answerProgress(
      {
        store,
        findUpstreams: async () => upstreams,
        limit,
        env: () => ({ now, random: systemRandom, limits: {} }) as Partial<Env> as Env,
        log: {
          recorded: note('recorded'),
          ignored: note('ignored'),
          rejected: note('rejected'),
          limited: ({ name }) => note('limited')(name),
          failed: (error) => assert.fail(String(error)),
        },
      },
      { body: Buffer.from(JSON.stringify({ ...report, ...members })) },
      client,
    );
  const limit = createBuckets(perMinute);
  const report = {
    header: { functionRequesterIdentifier: 'vendor', functionCallIdentifier: '1' },
    eid,

    timestamp: '2026-03-01T10:00:00Z',
    notificationPointId: 101,
    notificationPointStatus: { status: 'Executed-Success' },
  };
  return { store, lines, send, later: (seconds: number) => (now += seconds * 1000) };
}

test('an upstream that reports too much has to repeat, and another one does not', async () => {
  const { store, lines, send, later } = await reporting(2);
  const [vendor, other] = [someUpstream({ name: 'vendor' }), someUpstream({ name: 'other' })];
  const profile = released({}, { account: vendor.account, upstream: vendor.name });
  await put(store, { profile });
  const { iccid } = profile;
  const unknown = { iccid: '8988201000000000011' };
  for (let i = 0; i < 2; i++) assert.deepEqual(await send([vendor], unknown), { status: 204 });
  const refused = await send([vendor], { iccid });
  assert.ok('body' in refused);
  assert.deepEqual([refused.status, refused.retryAfter], [503, 30]);
  const { header } = JSON.parse(String(refused.body));
  assert.deepEqual(header.functionExecutionStatus.statusCodeData, {
    subjectCode: '1.2',
    reasonCode: '4.4',
    message: 'too many reports of this upstream: try again in 30 seconds',
  });
  assert.equal((await store.profile(iccid))?.state, 'RELEASED');
  assert.deepEqual(await send([other], unknown), { status: 204 });
  later(30);
  assert.deepEqual(await send([vendor], { iccid }), { status: 204 });
  assert.equal((await store.profile(iccid))?.state, 'ENABLED');
  assert.deepEqual(lines, [
    'ignored vendor',
    'ignored vendor',
    'limited vendor',
    'ignored other',
    'recorded vendor',
  ]);
});

test('an upstream of another account with the same certificate does not stop a report', async () => {
  const { store, lines, send } = await reporting(2);
  const [ours, theirs] = [someUpstream({ name: 'ours' }), someUpstream({ name: 'theirs', account: 'b' })];
  const profile = released({}, { account: ours.account, upstream: ours.name });
  await put(store, { profile });
  for (let i = 0; i < 2; i++) await send([theirs], {});
  lines.length = 0;
  assert.deepEqual(await send([ours, theirs], { iccid: profile.iccid }), { status: 204 });
  assert.deepEqual(lines, ['limited theirs', 'recorded ours']);
  const mayBeTheirs = await send([ours, theirs], { iccid: '8988201000000000011' });
  assert.deepEqual([mayBeTheirs.status, mayBeTheirs.retryAfter], [503, 30]);
});

test('0 is no limit', async () => {
  const { send } = await reporting(0);
  for (let i = 0; i < 50; i++) assert.deepEqual(await send([someUpstream()], {}), { status: 204 });
});

test('a refused report has Retry-After, and is counted under its status code', async () => {
  const counted: string[] = [];
  const { send: _, ...parts } = await reporting(1);
  const progress = {
    store: parts.store,
    findUpstreams: async () => [someUpstream()],
    limit: { take: () => 7 },
    env: () => ({ now: AT }) as Partial<Env> as Env,
    log: { limited: () => undefined } as never,
  };
  const listener = es2Listener({} as never, {
    progress,
    certificateProxies: parseNetworks('127.0.0.1'),
    bodyBytes: 4096,
    countCalls: (name) => (code) => void counted.push(`${name} ${code}`),
  });
  await using server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}${es2plusToOperator.handleDownloadProgressInfo.path}`;
  const { certificate } = makeClient(
    { random: systemRandom, now: AT, generateKey: generateSigningKey },
    'vendor',
  );
  const headers = { 'client-cert': `:${Buffer.from(certificate.bytes).toString('base64')}:` };
  const answer = await fetch(url, { method: 'POST', body: '{}', headers });
  await answer.text();
  assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '7']);
  assert.deepEqual(counted, ['handleDownloadProgressInfo 1.2/4.4']);
});
