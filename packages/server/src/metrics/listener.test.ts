import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createMetricsServer, type MetricsListenerOptions } from './listener.ts';
import { createMetrics } from './metrics.ts';
import { readStatistics, type Statistics } from './scrape.ts';

async function listening(options: Partial<MetricsListenerOptions> = {}) {
  const failures: unknown[] = [];
  const scrape = async () => [];
  const server = createMetricsServer({ scrape, failed: (error) => failures.push(error), ...options });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  const dispose = async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  };
  return { url, failures, [Symbol.asyncDispose]: dispose };
}

test('only a request with the token gets the metrics', async () => {
  await using server = await listening({ token: 'a-token-of-some-length' });
  const statusOf = async (authorization?: string) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const response = await fetch(server.url, { headers });
    return [response.status, response.headers.get('www-authenticate')];
  };
  assert.deepEqual(await statusOf(), [401, 'Bearer']);
  for (const wrong of ['Bearer', 'Bearer a-token-of-some-lengtH', 'Basic a-token-of-some-length', 'Bearer x'])
    assert.deepEqual(await statusOf(wrong), [401, 'Bearer']);
  assert.deepEqual(await statusOf('Bearer a-token-of-some-length'), [200, null]);
  assert.deepEqual(await statusOf('bearer a-token-of-some-length'), [200, null]);
});

test('there is one page, which can only be read', async () => {
  await using server = await listening();
  assert.equal((await fetch(server.url.replace('/metrics', '/other'))).status, 404);
  const posted = await fetch(server.url, { method: 'POST', body: 'x'.repeat(100_000) });
  assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD']);
  const head = await fetch(server.url, { method: 'HEAD' });
  assert.deepEqual([head.status, await head.text()], [200, '']);
});

test('requests at the same time and soon after each other share one look at the server', async () => {
  let looks = 0;
  const scrape = async () => {
    looks++;
    return [];
  };
  await using server = await listening({ scrape });
  await Promise.all(Array.from({ length: 20 }, () => fetch(server.url)));
  assert.equal(looks, 1);
});

test('metrics that cannot be read are a failure of the server, without the reason in the answer', async () => {
  const scrape = () => Promise.reject(new Error('a secret reason'));
  await using server = await listening({ scrape });
  const response = await fetch(server.url);
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /secret/);
  assert.match(String(server.failures[0]), /a secret reason/);
});

test('the lines of several processes are one metric, in both formats', async () => {
  const [one, two] = [createMetrics('1'), createMetrics('2')];
  one.callsOf('REST', 'getStatus')(200, 3);
  two.callsOf('REST', 'getStatus')(200, 200);
  two.callsOf('REST', 'getStatus')(404, 200);
  const both = await Promise.all([one, two].map(({ registry }) => readStatistics([registry])));
  const statistics = JSON.parse(JSON.stringify(both.flat())) as Statistics; // as they come from another process
  await using server = await listening({ scrape: async () => statistics });
  const plain = await fetch(server.url);
  assert.match(plain.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const text = await plain.text();
  assert.equal(text.match(/^# TYPE esim_calls_total counter$/gm)?.length, 1);
  assert.deepEqual(text.match(/^esim_calls_total.*$/gm), [
    'esim_calls_total{interface="REST",function="getStatus",code="200",worker="1"} 1',
    'esim_calls_total{interface="REST",function="getStatus",code="200",worker="2"} 1',
    'esim_calls_total{interface="REST",function="getStatus",code="404",worker="2"} 1',
  ]);
  assert.match(text, /^esim_call_duration_seconds_bucket\{.*le="0.005",worker="1"\} 1$/m);
  assert.match(text, /^esim_call_duration_seconds_bucket\{.*le="0.1",worker="2"\} 0$/m);
  assert.match(text, /^esim_call_duration_seconds_count\{.*worker="2"\} 2$/m);
  assert.match(text, /^esim_call_duration_seconds_sum\{.*worker="2"\} 0.4$/m);
  const open = await fetch(server.url, { headers: { accept: 'application/openmetrics-text;version=1.0.0' } });
  assert.match(open.headers.get('content-type') ?? '', /^application\/openmetrics-text; version=1\.0\.0/);
  const openText = await open.text();
  assert.match(openText, /^# TYPE esim_calls counter$/m);
  assert.match(openText, /^esim_calls_total\{.*code="404",worker="2"\} 1$/m);
  assert.ok(openText.endsWith('\n# EOF\n'));
});
