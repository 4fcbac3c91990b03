import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';

const root = mkdtempSync(join(tmpdir(), 'esim-serve-'));
after(() => rmSync(root, { recursive: true, force: true }));
const main = new URL('../main.ts', import.meta.url).pathname;

type Environment = Readonly<Record<string, string>>;
type Run = { readonly child: ChildProcess; readonly out: () => string; readonly err: () => string };

/** `esim serve` in a process of its own, on free ports. */
function serve(env: Environment, args: readonly string[] = ['serve', '--demo']): Run {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, ESIM_HTTP_PORT: '0', ESIM_ES9_PORT: '0', ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return { child, out: () => out, err: () => err };
}

type Started = Run & { readonly restUrl: string; readonly es9Url: string };

async function started(env: Environment): Promise<Started> {
  const run = serve(env);
  while (
    !run.out().includes('Try, in another terminal') &&
    run.child.exitCode === null &&
    run.child.signalCode === null
  )
    await Promise.race([once(run.child.stdout ?? run.child, 'data'), once(run.child, 'exit')]);
  const [, restUrl = ''] = /REST API +(http:\S+?)\/api/.exec(run.out()) ?? [];
  const [, es9Url = ''] = /ES9\+ +(https:\S+)/.exec(run.out()) ?? [];
  assert.ok(restUrl && es9Url, `it started: ${run.out()}${run.err()}`);
  return { ...run, restUrl, es9Url };
}

async function stopped({ child }: Run, signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): Promise<number | null> {
  child.kill(signal);
  const [code] = await once(child, 'exit');
  return code;
}

/** A start that is to fail: its exit code and what it says. */
async function refusal(env: Environment): Promise<{ readonly code: number; readonly lines: string[] }> {
  const run = serve(env);
  const [code] = await once(run.child, 'close');
  assert.equal(run.out(), '');
  return { code, lines: run.err().trimEnd().split('\n') };
}

const data = join(root, 'data');
const firstOut: string[] = [];

test('the first start makes everything, says where it is, and SIGTERM ends it with 0', async () => {
  const run = await started({ ESIM_DATA_DIR: data });
  firstOut.push(run.out());
  const { url, userId, apiKey } = JSON.parse(readFileSync(join(data, 'credentials.json'), 'utf8'));
  assert.equal(statSync(join(data, 'credentials.json')).mode & 0o777, 0o600);
  assert.equal(statSync(data).mode & 0o777, 0o700);
  assert.equal(url, run.restUrl);
  assert.ok(run.out().includes(userId) && run.out().includes(`in ${join(data, 'credentials.json')}`));
  assert.ok(!`${run.out()}${run.err()}`.includes(apiKey), 'the output is not a terminal');
  assert.match(run.out(), /LPA:1\$localhost:\d+\$[0-9A-Z-]{20,}\n/);
  assert.match(run.out(), /LPA:1\$localhost:\d+\$[0-9A-Z-]{20,}\$\$1\n/);
  const headers = { 'x-user-id': userId, 'x-api-key': apiKey };
  const list = await fetch(`${run.restUrl}/api/v1/esim/euicc-profiles?count=100`, { headers });
  assert.equal(list.status, 200);
  const { euicc_profiles: profiles } = (await list.json()) as { euicc_profiles: { state: string }[] };
  const states = profiles.map(({ state }) => state);
  const all =
    'AVAILABLE ALLOCATED LINKED CONFIRMED RELEASED DOWNLOADED INSTALLED ENABLED DISABLED DELETED ERROR';
  assert.deepEqual([...new Set(states)].toSorted(), all.split(' ').toSorted());
  assert.equal(await es9Status(run.es9Url), 405);
  assert.equal(await stopped(run), 0);
});

/** What a GET of a function says, over TLS to the CI that the start made. */
async function es9Status(es9Url: string): Promise<number | undefined> {
  const ca = readFileSync(join(data, 'pki/CertificateIssuer/CERT_CI_ECDSA_NIST.pem'));
  const asked = request(`${es9Url}/gsma/rsp2/es9plus/initiateAuthentication`, { ca }).end();
  const [response] = await once(asked, 'response');
  response.resume();
  return response.statusCode;
}

test('a later start reuses all of it and does not show the key again; Ctrl-C ends it with 0', async () => {
  const before = readFileSync(join(data, 'pki/CertificateIssuer/CERT_CI_ECDSA_NIST.der'));
  const { userId, apiKey } = JSON.parse(readFileSync(join(data, 'credentials.json'), 'utf8'));
  const run = await started({ ESIM_DATA_DIR: data });
  assert.ok(run.out().includes(userId));
  assert.ok(!run.out().includes(apiKey), 'the key is shown once');
  assert.deepEqual(readFileSync(join(data, 'pki/CertificateIssuer/CERT_CI_ECDSA_NIST.der')), before);
  const codeIn = (text: string) => /LPA:1\$localhost:\d+\$([0-9A-Z-]+)/.exec(text)?.[1];
  assert.equal(codeIn(run.out()), codeIn(firstOut[0] ?? ''));
  const saved = JSON.parse(readFileSync(join(data, 'credentials.json'), 'utf8'));
  assert.deepEqual(saved, { url: run.restUrl, userId, apiKey });
  assert.equal(await stopped(run, 'SIGINT'), 0);
  assert.deepEqual(
    readdirSync(data).filter((name) => name.includes('unfinished')),
    [],
  );
});

test('the account can be given by the environment', async () => {
  const env = { ESIM_BOOTSTRAP_USER_ID: 'alice', ESIM_BOOTSTRAP_API_KEY: 'a-key-of-her-own-1234' };
  const run = await started({ ...env, ESIM_DATA_DIR: join(root, 'given') });
  const headers = { 'x-user-id': 'alice', 'x-api-key': 'a-key-of-her-own-1234' };
  assert.ok(!`${run.out()}${run.err()}`.includes(env.ESIM_BOOTSTRAP_API_KEY));
  const { status } = await fetch(`${run.restUrl}/api/v1/esim/euicc-profiles`, { headers });
  assert.equal(status, 200);
  assert.equal(await stopped(run), 0);
});

test('every bad key of the environment stops the start, each with what was expected', async () => {
  const { code, lines } = await refusal({ ESIM_DATA_DIR: data, ESIM_HTTP_PORT: 'x', ESIM_LOG_LEVEL: 'loud' });
  assert.equal(code, 2);
  assert.equal(lines.length, 3);
  assert.match(lines[1] ?? '', /ESIM_HTTP_PORT is "x": a port from 0 to 65535 is expected/);
  assert.match(lines[2] ?? '', /ESIM_LOG_LEVEL is "loud": one of fatal, .* is expected/);
});

for (const key of ['ESIM_HTTP_PORT', 'ESIM_ES9_PORT', 'ESIM_ES2_PORT'])
  test(`a port in use stops the start with one line that names ${key}`, async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = String((other.address() as AddressInfo).port);
    const { code, lines } = await refusal({ ESIM_DATA_DIR: data, [key]: port });
    other.close();
    assert.equal(code, 1);
    assert.deepEqual(lines, [
      `esim: port ${port} of 127.0.0.1 is in use: stop the program that listens there, or set ${key} to another port`,
    ]);
  });

test('a data folder that cannot be written stops the start with one line', async () => {
  writeFileSync(join(root, 'file'), '');
  const { code, lines } = await refusal({ ESIM_DATA_DIR: join(root, 'file', 'data') });
  assert.equal(code, 1);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^esim: the data folder .* cannot be written \(ENOTDIR\): .*ESIM_DATA_DIR/);
});

test('a PKI that cannot be used stops the start with one line that names the file', async () => {
  const pki = join(root, 'broken-pki');
  mkdirSync(pki);
  writeFileSync(join(pki, 'CERT_CI_ECDSA_NIST.der'), 'nonsense');
  const { code, lines } = await refusal({ ESIM_DATA_DIR: data, ESIM_PKI_DIR: pki });
  assert.equal(code, 1);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /broken-pki cannot be used: .*dp-auth/);
});

test('a database of a newer version stops the start with one line', async () => {
  const newer = join(root, 'newer');
  const run = await started({ ESIM_DATA_DIR: newer });
  assert.equal(await stopped(run), 0);
  makeNewer(join(newer, 'esim.db'));
  const { code, lines } = await refusal({ ESIM_DATA_DIR: newer });
  assert.equal(code, 1);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /newer/);
});

/** As if a later version had migrated it. */
function makeNewer(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('INSERT INTO migration (number) VALUES (99999)');
  database.close();
}
