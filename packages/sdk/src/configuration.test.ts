import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Configuration, ESIMRSPApi } from './index.ts';

/** What each `new Configuration(…)` gives in a process with these environment variables: base path, user id and API key. */
async function configuredWith(env: Record<string, string>, ...parameters: string[]): Promise<string[][]> {
  const program = `
    import { Configuration } from '${new URL('./index.ts', import.meta.url)}';
    const all = [${parameters.map((each) => `new Configuration(${each})`)}];
    const shown = all.map(async ({ basePath, apiKey }) => [basePath, await apiKey('x-user-id'), await apiKey('x-api-key')]);
    console.log(JSON.stringify(await Promise.all(shown)));`;
  const args = ['--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout);
}

/** What a client sends with a call: the URL and the headers. */
async function sentBy(api: (fetch: typeof globalThis.fetch) => ESIMRSPApi) {
  const sent: { url: string; headers: Headers }[] = [];
  const client = api(async (input, init) => {
    sent.push({ url: String(input), headers: new Headers(init?.headers) });
    return Response.json({});
  });
  await client.getEUICCProfile('8900000000000000001');
  const [{ url, headers }] = sent as [(typeof sent)[number]];
  return { url, userId: headers.get('x-user-id'), apiKey: headers.get('x-api-key'), headers };
}

test('a user id, an API key and a base URL are enough', async () => {
  const parameters = { userId: 'me', apiKey: 'the key', baseURL: 'https://rsp.example.com/api/v1/esim' };
  const { url, userId, apiKey } = await sentBy((fetch) => new ESIMRSPApi({ ...parameters, fetch }));
  assert.equal(url, 'https://rsp.example.com/api/v1/esim/euicc-profiles/8900000000000000001');
  assert.deepEqual([userId, apiKey], ['me', 'the key']);
});

test('what is not provided comes from the environment, and a function answers for both credentials', async () => {
  const env = { ESIM_USER_ID: 'env-user', ESIM_API_KEY: ' env-key\n', ESIM_BASE_URL: 'rsp.example.com' };
  const server = 'https://rsp.example.com/api/v1/esim';
  const found = await configuredWith(
    env,
    '',
    "{ apiKey: 'own', basePath: 'http://127.0.0.1:9' }",
    "{ userId: 'me', apiKey: 'own', baseURL: 'localhost' }",
    "{ apiKey: (name) => 'of ' + name }",
  );
  assert.deepEqual(found, [
    [server, 'env-user', 'env-key'],
    ['http://127.0.0.1:9', 'env-user', 'own'],
    ['http://localhost/api/v1/esim', 'me', 'own'],
    [server, 'of x-user-id', 'of x-api-key'],
  ]);
});

test('credentials of one call come before those of the client', async () => {
  const sent: (string | null)[][] = [];
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const headers = new Headers(init?.headers);
    sent.push([headers.get('x-user-id'), headers.get('x-api-key')]);
    return Response.json({});
  };
  const api = new ESIMRSPApi({ userId: 'me', apiKey: 'mine', fetch });
  await api.getStatus({ userId: 'you', apiKey: 'yours' });
  await api.getStatus({ apiKey: 'another of mine' });
  await api.getStatus({ apiKey: async (name) => `of ${name}` });
  await api.getStatus();
  assert.deepEqual(sent, [
    ['you', 'yours'],
    ['me', 'another of mine'],
    ['of x-user-id', 'of x-api-key'],
    ['me', 'mine'],
  ]);
});

test('a base URL can be a bare host, an address, or the URL of the API', () => {
  const api = '/api/v1/esim';
  for (const [baseURL, expected] of [
    ['rsp.example.com', `https://rsp.example.com${api}`],
    ['rsp.example.com:8443', `https://rsp.example.com:8443${api}`],
    ['localhost:8080', `http://localhost:8080${api}`],
    ['127.0.0.1', `http://127.0.0.1${api}`],
    ['[::1]:8080', `http://[::1]:8080${api}`],
    ['localhost.example.com', `https://localhost.example.com${api}`],
    ['192.0.2.7:8080', `https://192.0.2.7:8080${api}`],
    ['http://rsp.example.com', `http://rsp.example.com${api}`],
    ['https://rsp.example.com/', `https://rsp.example.com${api}`],
    ['https://rsp.example.com/api/v1/esim/', `https://rsp.example.com${api}`],
    ['rsp.example.com/proxy/esim', 'https://rsp.example.com/proxy/esim'],
    ['https://user:secret@rsp.example.com', `https://rsp.example.com${api}`],
    ['/api/v1/esim', api],
  ] as const)
    assert.equal(new Configuration({ baseURL }).basePath, expected, baseURL);
  assert.equal(new Configuration().basePath, `http://127.0.0.1:8080${api}`);
  assert.equal(new Configuration({ basePath: 'http://127.0.0.1:9/' }).basePath, 'http://127.0.0.1:9');
});

test('what is no URL is refused with the first call', async () => {
  const api = new ESIMRSPApi({ baseURL: 'two words' });
  await assert.rejects(
    api.getStatus(),
    /baseURL \(or basePath\) must be a URL such as .*; it is "two words"/,
  );
});

test('the user agent has the name and the version of the SDK, unless there is another', async () => {
  const { headers } = await sentBy((fetch) => new ESIMRSPApi({ fetch }));
  assert.match(headers.get('user-agent') ?? '', /^esim-rsp-sdk\/\d+\.\d+\.\d+$/);
  const baseOptions = { headers: { 'user-agent': 'shop/1.0' } };
  const own = await sentBy((fetch) => new ESIMRSPApi({ fetch, baseOptions }));
  assert.equal(own.headers.get('user-agent'), 'shop/1.0');
});

test('no printed form of a client shows the key', async () => {
  const { inspect } = await import('node:util');
  const configuration = new Configuration({ userId: 'me', apiKey: 'hush-hush' });
  const api = new ESIMRSPApi(configuration);
  for (const text of [JSON.stringify(configuration), inspect(configuration), inspect(api, { depth: 9 })])
    assert.doesNotMatch(text, /hush/);
});
