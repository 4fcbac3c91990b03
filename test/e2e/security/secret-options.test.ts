import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runEsim } from '../../harness/esim.ts';
import { released, subscription } from '../../harness/profiles.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

function run(args: string[], stdin = '', env = {}) {
  const credentials = {
    ESIM_URL: server.restUrl,
    ESIM_USER_ID: account.ESIM_BOOTSTRAP_USER_ID,
    ESIM_API_KEY: account.ESIM_BOOTSTRAP_API_KEY,
  };
  return runEsim({ cwd: server.dataDir, env: { ...credentials, ...env }, stdin }, ...args);
}

const write = (name: string, text: string) => writeFileSync(join(server.dataDir, name), text);

test('keys of a profile come from a file and from lines of stdin, and nothing shows them', async () => {
  const { iccid, imsi, ki, opc } = subscription();
  write('ki.txt', `${ki}\n`);
  const kic1 = 'ab'.repeat(16);
  const args = [
    'profile',
    'create',
    '--iccid',
    iccid,
    '--imsi',
    imsi,
    '--ki',
    '@ki.txt',
    '--opc',
    '-',
    '--kic1',
    '-',
  ];
  const { code, out, err } = await run(args, `${opc}\n${kic1}\n`);
  assert.equal(code, 0, err);
  assert.ok(![ki, opc, kic1].some((secret) => (out + err).includes(secret)));
  assert.doesNotMatch(err, /warning/);
  const { data } = await server.api.readEUICCProfileSecrets(iccid, { kinds: ['ota_keys'] });
  assert.equal(data.ota_keys?.[0]?.kic, kic1);
  const shown = await run(['profile', 'secrets', iccid, '--kinds', 'puk,ota_keys']);
  assert.match(shown.out, new RegExp(`^puk1 +\\d{8}$[^]*^kic1 +${kic1}$`, 'm'));
});

test('a confirmation code and the API key come from files', async () => {
  write('code.txt', '2468\n');
  write('key.txt', account.ESIM_BOOTSTRAP_API_KEY);
  const { data } = await server.api.createEUICCProfile({ parameters: subscription() });
  const args = ['profile', 'order', data.iccid, '--confirmation-code', '@code.txt', '--api-key', '@key.txt'];
  const { code, err } = await run(args, '', { ESIM_API_KEY: '' });
  assert.equal(code, 0, err);
  assert.doesNotMatch(err, /warning|2468/);
  assert.equal((await server.api.getEUICCProfile(data.iccid)).data.cc_required, true);
});

test('a secret in the command line works, with a warning that names the option and not the secret', async () => {
  const { iccid } = await released(server);
  const { code, err } = await run(['profile', 'update', iccid, '--confirmation-code', '97531']);
  assert.equal(code, 0, err);
  assert.match(err, /warning: the process list .* --confirmation-code @FILE/);
  assert.ok(!err.includes('97531'));
});

test('a file that is missing or empty, and a line of stdin that is missing, are said without a call', async () => {
  const { iccid } = await released(server);
  write('empty.txt', '\n');
  for (const [value, pattern] of [
    ['@none.txt', /none\.txt, cannot be read \(ENOENT\)/],
    ['@empty.txt', /is empty/],
    ['-', /is empty/],
  ] as const) {
    const { code, err } = await run(['profile', 'update', iccid, '--confirmation-code', value]);
    assert.equal(code, 2);
    assert.match(err, pattern);
  }
});
