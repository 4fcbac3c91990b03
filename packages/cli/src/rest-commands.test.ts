import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readConfig } from '@esim-rsp/server/config';
import { type RunningServer, startServer } from '@esim-rsp/server/start';
import { activationCodeFrom } from './phone/activation-code.ts';

const esim = join(import.meta.dirname, '..', 'bin', 'esim.js');
const FIRST = '8900101000000000019';
const IN_STOCK = '8900101000000000043';

let dataDir: string;
let server: RunningServer;
before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'esim-cli-'));
  const free = { ESIM_HTTP_PORT: '0', ESIM_ES9_PORT: '0', ESIM_LOG_LEVEL: 'silent' };
  server = await startServer(readConfig({ ...free, ESIM_DATA_DIR: dataDir, ESIM_DEMO: '1' }));
});
after(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}, input = ''): Promise<Ended> {
  const options = { env: { PATH: process.env.PATH, ESIM_DATA_DIR: dataDir, ...env }, cwd: dataDir };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [esim, ...args], options, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

/** What a command writes with --json, which must be all that it writes to stdout. */
async function json<T>(args: readonly string[], input?: string): Promise<T> {
  const { code, stdout, stderr } = await run([...args, '--json'], {}, input);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as T;
}

type Profile = {
  readonly iccid: string;
  readonly state: string;
  readonly activation_code: string;
  readonly profile_name: string;
};

test('profiles are found with the credentials that the demo start left', async () => {
  const listed = await json<{ total: number; euicc_profiles: Profile[] }>([
    'profile',
    'list',
    '--all',
    '--state',
    'released',
  ]);
  assert.ok(listed.total >= 3);
  assert.ok(listed.euicc_profiles.every(({ state }) => state === 'RELEASED'));
  const shown = await json<Profile>(['profile', 'show', FIRST]);
  assert.match(shown.activation_code, /^LPA:1\$/);
});

test('a profile is stocked from parameters on stdin, ordered, and its QR code written', async () => {
  const parameters = {
    iccid: '8988201000000000013',
    imsi: '001010000000099',
    ki: '465b5ce8b199b49faa5f0a2ee238a6bc',
    opc: 'cd63cb71954a9f4e48a5994e37a02baf',
  };
  const add = ['profile', 'add', '--parameters', '-', '--profile-name', 'Travel', '--profile-class', 'test'];
  const stocked = await json<Profile>(add, JSON.stringify(parameters));
  assert.deepEqual([stocked.state, stocked.profile_name], ['AVAILABLE', 'Travel']);
  const ordered = await json<Profile>([
    'profile',
    'order',
    parameters.iccid,
    '--matching-id',
    'CLI-1',
    '--confirmation-code',
    '7',
  ]);
  assert.match(ordered.activation_code, /\$CLI-1\$\$1$/);
  await json(['profile', 'qr', parameters.iccid, '--out', 'code.png', '--size', '300']);
  const path = join(dataDir, 'code.png');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal((await activationCodeFrom(path)).matchingId, 'CLI-1');
  await json(['profile', 'qr', parameters.iccid, '--out', 'code.svg']);
  assert.match(readFileSync(join(dataDir, 'code.svg'), 'utf8'), /^<svg/);
  const again = await run(['profile', 'order', parameters.iccid]);
  assert.deepEqual([again.code, again.stdout], [1, '']);
  assert.match(again.stderr, /this one is RELEASED \(409 profile_not_available, request /);
});

test('a code drawn in the terminal has a row for every two modules, and the code in words', async () => {
  const { stdout } = await run(['profile', 'qr', FIRST]);
  const lines = stdout.trimEnd().split('\n');
  assert.match(lines.at(-1) ?? '', /^LPA:1\$/);
  assert.equal(lines.length - 1, Math.ceil([...(lines[0] ?? '')].length / 2));
  const none = await run(['profile', 'qr', IN_STOCK]);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /is AVAILABLE: it has no activation code/);
});

test('an account and its key, made in the data folder, work at once and see nothing of others', async () => {
  const account = await json<{ user_id: string }>(['account', 'add', 'Example Mobile']);
  const { api_key } = await json<{ api_key: string }>(['key', 'create', account.user_id]);
  const env = { ESIM_USER_ID: account.user_id, ESIM_API_KEY: api_key };
  const { code, stdout, stderr } = await run(['profile', 'list', '--json'], env);
  assert.equal(code, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), { total: 0, euicc_profiles: [] });
  const twice = await run(['account', 'add', 'Again', '--user-id', account.user_id]);
  assert.deepEqual([twice.code, /already: say another --user-id/.test(twice.stderr)], [1, true]);
  const nobody = await run(['key', 'create', 'nobody']);
  assert.deepEqual([nobody.code, /esim account add NAME --user-id nobody/.test(nobody.stderr)], [1, true]);
});

test('a test PKI is made once and shown with what it holds', async () => {
  const dir = join(dataDir, 'other-pki');
  const made = await json<{ host: string; files: string[] }>([
    'pki',
    'init',
    '--dir',
    dir,
    '--host',
    'rsp.example.com',
  ]);
  assert.equal(made.host, 'rsp.example.com');
  type Found = { role: string; dns_names: string[]; key_file?: string; validity: string };
  const { certificates } = await json<{ certificates: Found[] }>(['pki', 'show', '--dir', dir]);
  assert.deepEqual(certificates.map(({ role }) => role).sort(), ['ci', 'dp-auth', 'dp-pb', 'dp-tls', 'eum']);
  assert.ok(certificates.every(({ key_file, validity }) => key_file !== undefined && validity === 'valid'));
  assert.deepEqual(certificates.find(({ role }) => role === 'dp-tls')?.dns_names, [
    'rsp.example.com',
    'localhost',
  ]);
  const again = await run(['pki', 'init', '--dir', dir]);
  assert.deepEqual([again.code, /there is something in/.test(again.stderr)], [1, true]);
});

test('failures say what to do, and end with 1; wrong usage ends with 2', async () => {
  const cases: readonly (readonly [number, RegExp, readonly string[], NodeJS.ProcessEnv?])[] = [
    [
      1,
      /there is no eUICC profile with the ICCID \d+ \(404 profile_not_found/,
      ['profile', 'show', '8900101000000000001'],
    ],
    [1, /do not belong together.*\n {2}Check ESIM_USER_ID/, ['profile', 'list'], { ESIM_API_KEY: 'wrong' }],
    [
      1,
      /No answer from .*\n {2}Is the server running\? 'npm start'/,
      ['profile', 'list'],
      { ESIM_URL: 'http://127.0.0.1:1023' },
    ],
    [
      2,
      /ESIM_URL, ESIM_USER_ID, ESIM_API_KEY are missing/,
      ['profile', 'list'],
      { ESIM_DATA_DIR: '/nonexistent/data' },
    ],
    [2, /an ICCID has 19 or 20 decimal digits/, ['profile', 'show', '12']],
    [2, /an EID has|32/, ['profile', 'order', IN_STOCK, '--eid', '1']],
    [2, /--default-smdp needs the --eid/, ['profile', 'order', IN_STOCK, '--default-smdp']],
    [2, /either a package FILE, or --parameters/, ['profile', 'add']],
    [2, /nothing\.der cannot be read \(ENOENT\)/, ['profile', 'add', 'nothing.der']],
    [2, /should end in \.png or \.svg/, ['profile', 'qr', FIRST, '--out', 'code.gif']],
    [2, /a whole number from 1 to 1000 is expected/, ['profile', 'list', '--count', '0']],
  ];
  for (const [code, words, args, env] of cases) {
    const ended = await run(args, env);
    assert.deepEqual([ended.code, ended.stdout], [code, ''], `${args.join(' ')}: ${ended.stderr}`);
    assert.match(ended.stderr, words);
  }
});

test('a file that is no profile package is refused with the reason, and keys are not quoted', async () => {
  writeFileSync(join(dataDir, 'text.der'), 'this is text');
  const refused = await run(['profile', 'add', 'text.der']);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /\(400 invalid_profile_package/);
  const broken = await run(['profile', 'add', '--parameters', '-'], {}, '{"ki":"465b5ce8b199b49f');
  assert.equal(broken.code, 2);
  assert.doesNotMatch(broken.stderr, /465b/);
});
