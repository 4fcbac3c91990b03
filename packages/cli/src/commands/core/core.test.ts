import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../../../../../test/harness/esim.ts';
import { esimWithDemo } from '../../../../../test/harness/esim-with-server.ts';

const { cwd, esim } = await esimWithDemo();

function json({ code, out, err }: Outcome) {
  assert.equal(code, 0, err);
  return JSON.parse(out);
}

function refused({ code, err }: Outcome, expected: number, message: RegExp) {
  assert.equal(code, expected, err);
  assert.match(err, message);
}

/** Nobody listens there. */
const url = 'ctrl://127.0.0.1:9';

test('a core network is added, shown, updated and deleted, and says what waits for it', async () => {
  const added = json(
    await esim('core', 'add', 'hlr', '--kind', 'osmohlr', '--url', url, '--types', 'a,b', '--json'),
  );
  assert.deepEqual(
    [added.url, added.profile_types, added.when, added.remove],
    [url, ['a', 'b'], 'released', true],
  );
  refused(
    await esim('core', 'add', 'hlr', '--kind', 'osmohlr', '--url', url),
    1,
    /a core network hlr already/,
  );
  const changes = ['--types', 'all', '--when', 'stocked', '--no-remove', '--sd', '0A0B0C', '--ambr-up', '5'];
  const updated = json(await esim('core', 'update', 'hlr', ...changes, '--json'));
  assert.deepEqual(
    [updated.profile_types, updated.when, updated.remove, updated.sd, updated.ambr_uplink_mbps],
    [[], 'stocked', false, '0a0b0c', 5],
  );
  const {
    euicc_profiles: [{ iccid }],
  } = json(await esim('profile', 'list', '--count', '1', '--json'));
  refused(
    await esim('core', 'send', 'hlr', iccid),
    1,
    /add has not arrived: the connection was refused; next/,
  );
  assert.match(
    (await esim('core', 'show', 'hlr')).out,
    /\ncondition +failing since 20.*: the connection was refused\n/,
  );
  assert.match((await esim('core', 'list')).out, /\nhlr +osmohlr .* failing since/);
  const { deliveries } = json(await esim('core', 'deliveries', 'hlr', '--state', 'pending', '--json'));
  assert.deepEqual([deliveries[0].type, deliveries[0].iccid], ['add', iccid]);
  refused(await esim('core', 'replay', 'hlr', String(deliveries[0].id)), 1, /is pending/);
  refused(await esim('core', 'replay', 'hlr', '999999'), 1, /has no delivery 999999/);
  assert.match((await esim('core', 'delete', 'hlr')).out, /What it has stays there/);
  refused(await esim('core', 'show', 'hlr'), 1, /there is no core network hlr/);
});

test('a file is written on the server, and what it was sent for is in it', async () => {
  const added = json(await esim('core', 'add', 'file', '--kind', 'csv', '--columns', 'imsi,ki', '--json'));
  assert.match(added.file, /^account-[\w-]+\/file\.csv$/);
  assert.equal(added.url, undefined);
  const { euicc_profiles: profiles } = json(await esim('profile', 'list', '--state', 'AVAILABLE', '--json'));
  const [{ iccid, imsi }] = profiles;
  assert.equal((await esim('profile', 'order', iccid)).code, 0);
  const path = join(cwd, 'data', 'core-networks', added.file);
  while (!existsSync(path)) await sleep(50);
  const [head, line = ''] = readFileSync(path, 'utf8').split('\n');
  assert.deepEqual([head, line.split(',')[0]], ['imsi,ki', imsi]);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('credentials come from files, and only the secret of push is shown, once', async () => {
  writeFileSync(join(cwd, 'password'), 'a-password-of-the-core\n');
  const of = ['--kind', 'free5gc', '--url', 'http://127.0.0.1:9', '--user', 'admin'];
  const webconsole = await esim('core', 'add', 'webconsole', ...of, '--password-file', 'password');
  assert.match(webconsole.out, /\ncredentials +user, password\n/);
  refused(await esim('core', 'add', 'another', ...of), 1, /password is missing: free5gc needs it/);
  const push = await esim('core', 'add', 'receiver', '--kind', 'push', '--url', 'http://127.0.0.1:9/hook');
  assert.match(push.out, /\nsecret +whsec_/);
  const shown = [await esim('core', 'show', 'receiver'), await esim('core', 'list', '--json'), webconsole];
  for (const { out } of shown) assert.doesNotMatch(out, /whsec_|a-password-of-the-core/);
});

test('what cannot be a core network is refused with what to do', async () => {
  const add = (...more: string[]) => esim('core', 'add', 'wrong', '--kind', 'osmohlr', ...more);
  refused(await add('--url', 'https://hlr.example.com'), 1, /url must be ctrl:\/\/host/);
  refused(await add('--url', 'ctrl://a:b@hlr.example.com'), 1, /without user name and password/);
  refused(await add('--url', url, '--amf', '80'), 1, /amf must have 4 hexadecimal digits|amf/);
  refused(await add('--url', url, '--ca', 'missing.pem'), 2, /missing\.pem, cannot be read \(ENOENT\)/);
  refused(await esim('core', 'add', 'wrong', '--url', url), 2, /--kind/);
  refused(await esim('core', 'update', 'nobody'), 2, /nothing to update/);
  refused(await esim('core', 'send', 'nobody', '8988299999999999995'), 1, /there is no core network nobody/);
});
