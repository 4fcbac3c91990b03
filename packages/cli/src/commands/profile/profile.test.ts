import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { demoEid } from '@esim-rsp/sgp22/value/eid';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { type Outcome, runEsim } from '../../../../../test/harness/esim.ts';
import { esimWithDemo } from '../../../../../test/harness/esim-with-server.ts';

const { cwd, esim } = await esimWithDemo();

const [ki, opc] = ['465b5ce8b199b49faa5f0a2ee238a6bc', 'cd63cb71954a9f4e48a5994e37a02baf'];
const [first, made] = ['8900101000000000019', '8900101000000001009'];

/** What --json wrote, when the command was done. */
function json({ code, out, err }: Outcome) {
  assert.equal(code, 0, err);
  return JSON.parse(out);
}

/** What a decoder that is not ours reads in an image. */
function decoded(data: Uint8ClampedArray, width: number, height: number): string | undefined {
  const decode = jsqr as unknown as typeof jsqr.default; // its types call the CommonJS export a default one
  return decode(data, width, height)?.data;
}

test('after the demo start the profiles are listed and shown without any setting', async () => {
  const [listed, table, all, shown] = await Promise.all([
    esim('profile', 'list', '--json', '--state', 'RELEASED'),
    esim('profile', 'list', '--count', '2', '--offset', '1'),
    esim('profile', 'list', '--all', '--json'),
    esim('profile', 'show', first),
  ]);
  assert.equal(json(listed).total, 3);
  assert.match(
    table.out,
    /^ICCID +STATE +IMSI .*EID\n8900101000000000027 {2}RELEASED .*\n8900101000000000035 .*\n$/,
  );
  assert.match(table.err, /^2 of 13 profiles; the next ones: --offset 3, or --all\n$/);
  assert.equal(json(all).euicc_profiles.length, 13);
  assert.match(shown.out, /^iccid +8900101000000000019\nimsi +001010000000001\nstate +RELEASED\n/);
  assert.match(shown.out, /\nlast operation date +20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ\n/);
});

test('a profile is built from parameters, ordered, and its code drawn', async () => {
  writeFileSync(join(cwd, 'keys.json'), JSON.stringify({ ki, opc }));
  const numbers = ['--iccid', made, '--imsi', '001010000000100', '--mnc-length', '2'];
  const labels = ['--service-provider-name', 'Example Mobile', '--profile-class', 'test'];
  const added = await esim('profile', 'create', ...numbers, ...labels, '--parameters', 'keys.json', '--json');
  assert.equal(json(added).state, 'AVAILABLE');
  assert.equal(json(added).service_provider_name, 'Example Mobile');
  const early = await esim('profile', 'qr', made);
  assert.equal(early.code, 1);
  assert.match(early.err, /is AVAILABLE and has no activation code: order it with 'esim profile order 8/);

  const ordered = await esim(
    'profile',
    'order',
    made,
    '--confirmation-code',
    '2468',
    '--reuse-type',
    'SAME_EID',
  );
  assert.match(ordered.out, /^LPA:1\$localhost:\d+\$[0-9A-Z-]+\$\$1\n$/);
  const code = ordered.out.trim();

  const [drawn, png, svg] = await Promise.all([
    esim('profile', 'qr', made),
    esim('profile', 'qr', made, '--out', 'code.png', '--size', '400', '--ecc', 'H'),
    esim('profile', 'qr', made, '--out', 'code.svg', '--json'),
  ]);
  assert.equal(png.code, 0, png.err);
  const { data, width, height } = PNG.sync.read(readFileSync(join(cwd, 'code.png')));
  assert.deepEqual([width, decoded(Uint8ClampedArray.from(data), width, height)], [400, code]);
  assert.equal(statSync(join(cwd, 'code.png')).mode & 0o777, 0o600);
  assert.equal(json(svg).file, 'code.svg');
  assert.match(readFileSync(join(cwd, 'code.svg'), 'utf8'), /^<svg|^<\?xml/);
  assert.equal(drawn.out.trimEnd().split('\n').at(-1), code);
  assert.equal(decodedBlocks(drawn.out.split('\n').slice(0, -2)), code);
});

test('the code comes with the OID and with install links on request, drawn or as a file', async () => {
  const [linked, withOid, saved, wrong] = await Promise.all([
    esim('profile', 'qr', first, '--links'),
    esim('profile', 'qr', first, '--oid', '--json'),
    esim('profile', 'qr', first, '--oid', '--out', 'code.json'),
    esim('profile', 'qr', first, '--links', '--out', 'code.png'),
  ]);
  const carddata = encodeURIComponent(json(await esim('profile', 'qr', first, '--json')).activation_code);
  assert.match(linked.out, /\nandroid {2}https:\/\/esimsetup\.android\.com\/\S+\n/);
  assert.ok(
    linked.out.includes(`apple    https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=${carddata}`),
  );
  assert.match(json(withOid).activation_code, /^LPA:1\$[^$]+\$[^$]+\$[0-9.]+$/);
  assert.equal(saved.code, 0, saved.err);
  const { activation_code, install_links } = JSON.parse(readFileSync(join(cwd, 'code.json'), 'utf8'));
  assert.equal(activation_code, json(withOid).activation_code);
  assert.deepEqual(install_links, json(withOid).install_links);
  assert.equal(statSync(join(cwd, 'code.json')).mode & 0o777, 0o600);
  assert.equal(wrong.code, 2);
});

/** Reads a drawing in half blocks as a camera would: its ink is light. */
function decodedBlocks(lines: readonly string[]): string | undefined {
  const [scale, width] = [4, lines[0]?.length ?? 0];
  const pixels = lines.flatMap((line) =>
    ['█▀', '█▄'].flatMap((light) => {
      const row = [...line].flatMap((block) => Array(scale).fill(light.includes(block) ? 255 : 0));
      return Array(scale).fill(row.flatMap((level) => [level, level, level, 255]));
    }),
  );
  return decoded(Uint8ClampedArray.from(pixels.flat()), width * scale, pixels.length);
}

test('a finished package comes from stdin, and an order for one phone needs no code', async () => {
  const { buildProfilePackage, completeParameters } = await import('@esim-rsp/sgp22/profile/build');
  const { systemRandom } = await import('@esim-rsp/sgp22/crypto/random');
  const { parseIccid } = await import('@esim-rsp/sgp22/value/iccid');
  const keys = { ki: new Uint8Array(16), opc: new Uint8Array(16) };
  const given = { iccid: parseIccid('8900101000000001017'), imsi: '001010000000101', ...keys };
  const stdin = buildProfilePackage(completeParameters(given, systemRandom));
  const added = await runEsim({ cwd, env: {}, stdin }, 'profile', 'create', '-', '--profile-name', 'Travel');
  assert.match(added.out, /^The profile 8900101000000001017 is AVAILABLE\. Order it: /, added.err);
  const ordered = await esim('profile', 'order', given.iccid, '--eid', demoEid, '--default-smdp');
  assert.match(
    ordered.out,
    /^The profile 8900101000000001017 is RELEASED: the eUICC 89049032\d+ finds it at/,
  );
});

test('a package is stocked with its protection, icon, owner, rules and events, and ordered until a day', async () => {
  const { buildProfilePackage, completeParameters } = await import('@esim-rsp/sgp22/profile/build');
  const { systemRandom } = await import('@esim-rsp/sgp22/crypto/random');
  const { parseIccid } = await import('@esim-rsp/sgp22/value/iccid');
  const keys = { ki: new Uint8Array(16), opc: new Uint8Array(16) };
  const given = { iccid: parseIccid('8900101000000001025'), imsi: '001010000000102', ...keys };
  const stdin = buildProfilePackage(completeParameters(given, systemRandom));
  writeFileSync(join(cwd, 'icon.png'), PNG.sync.write(new PNG({ width: 4, height: 4 })));
  const terms = ['--protection', 'session_keys', '--icon', 'icon.png', '--policy-rules', 'ppr1,ppr2'];
  const owner = ['--owner', '26201,aabb', '--notify', 'install,delete'];
  const added = await runEsim(
    { cwd, env: {}, stdin },
    'profile',
    'create',
    '-',
    ...terms,
    ...owner,
    '--json',
  );
  const { protection, icon_type, profile_policy_rules, profile_owner, notification_events } = json(added);
  assert.deepEqual(
    { protection, icon_type, profile_policy_rules, profile_owner, notification_events },
    {
      protection: 'session_keys',
      icon_type: 'png',
      profile_policy_rules: ['ppr1', 'ppr2'],
      profile_owner: { mcc_mnc: '26201', gid1: 'aabb' },
      notification_events: ['install', 'delete'],
    },
  );
  const until = ['--expires-at', '2030-01-31T18:00:00Z', '--reusable'];
  const ordered = json(await esim('profile', 'order', given.iccid, ...until, '--json'));
  assert.deepEqual([ordered.order_expires_at, ordered.reusable], ['2030-01-31T18:00:00Z', true]);
  for (const wrong of [
    ['--owner', '2620'],
    ['--notify', 'install,reboot'],
    ['--policy-rules', 'ppr1,ppr3'],
    ['--protection', 'none'],
    ['--icon', 'no-such.png'],
  ])
    assert.notEqual((await esim('profile', 'create', 'icon.png', ...wrong)).code, 0, wrong.join(' '));
  assert.equal((await esim('profile', 'order', given.iccid, '--expires-at', 'soon')).code, 2);
});

test('an account and a key are made beside the running server and let in at once', async () => {
  const added = await esim('account', 'create', 'Example Mobile', '--user-id', 'mobile');
  assert.deepEqual([added.code, added.out], [0, 'mobile\n']);
  const created = await esim('key', 'create', 'mobile');
  assert.match(created.out, /^esk_\S{32}\n$/);
  const env = { ESIM_USER_ID: 'mobile', ESIM_API_KEY: created.out.trim() };
  const [own, again, unknown, foreign, elsewhere] = await Promise.all([
    runEsim({ cwd, env }, 'profile', 'list', '--json'),
    esim('account', 'create', 'Another', '--user-id', 'mobile'),
    esim('key', 'create', 'nobody'),
    runEsim({ cwd, env }, 'profile', 'show', first, '--api-key', 'esk_of-somebody-else'),
    runEsim({ cwd, env: { ESIM_DATA_DIR: join(cwd, 'none') } }, 'account', 'create', 'Lost'),
  ]);
  assert.equal(json(own).total, 0);
  assert.deepEqual([again.code, again.err.split('\n').length], [1, 2]);
  assert.match(again.err, /the account mobile already exists: choose another --user-id/);
  assert.deepEqual([unknown.code, foreign.code, elsewhere.code], [1, 1, 1]);
  assert.match(unknown.err, /there is no account nobody: 'esim account list' shows yours/);
  assert.match(
    foreign.err,
    /\(unauthorized, HTTP 401, request \S+\)\n {2}check ESIM_USER_ID and ESIM_API_KEY/,
  );
  assert.ok(!foreign.err.includes('somebody-else'), 'the key is not quoted');
  assert.match(elsewhere.err, /there is no server data in \S+none: start the server there once/);
});

async function closedPort(): Promise<number> {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  other.close();
  await once(other, 'close');
  return port;
}

test('what is refused exits 1 with the reason, wrong usage exits 2, and no secret is quoted', async () => {
  const secret = 'f00d'.repeat(9);
  const parameters = ['--iccid', made, '--imsi', '001010000000100', '--opc', opc];
  const [unknown, badIccid, taken, badKey, badJson, unreachable, nowhere] = await Promise.all([
    esim('profile', 'show', '8900101000000009994'),
    esim('profile', 'show', '12345'),
    esim('profile', 'create', ...parameters, '--ki', ki),
    esim('profile', 'create', ...parameters, '--ki', secret),
    runEsim({ cwd, env: {}, stdin: `{"ki": ${secret}}` }, 'profile', 'create', '--parameters', '-'),
    runEsim(
      { cwd, env: { ESIM_USER_ID: 'me', ESIM_API_KEY: 'key' } },
      'profile',
      'list',
      '--url',
      `http://127.0.0.1:${await closedPort()}/api/v1/esim`,
    ),
    runEsim({ cwd: tmpdir(), env: { ESIM_DATA_DIR: join(cwd, 'none') } }, 'profile', 'list'),
  ]);
  assert.equal(unknown.code, 1);
  assert.match(
    unknown.err,
    /no eUICC profile with the ICCID 8900101000000009994 \(profile_not_found, HTTP 404, /,
  );
  assert.equal(badIccid.code, 2);
  assert.match(badIccid.err, /an ICCID has 19 or 20 decimal digits/);
  assert.equal(taken.code, 1);
  assert.match(taken.err, /HTTP 409/);
  for (const { code, err, out } of [badKey, badJson]) {
    assert.equal(code, 2);
    assert.ok(!`${err}${out}`.includes('f00d'), err);
  }
  assert.equal(unreachable.code, 1);
  assert.match(
    unreachable.err,
    /127\.0\.0\.1:\d+: connect ECONNREFUSED .*\n {2}is the server running\? Start it with 'npm start'/,
  );
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.err, /^esim: .*set ESIM_URL, ESIM_USER_ID, ESIM_API_KEY, or start a demo server.*\n$/);
});

test('the key that the demo left goes to its own server only', async () => {
  const { code, err } = await esim('profile', 'list', '--url', `http://127.0.0.1:${await closedPort()}`);
  assert.equal(code, 2);
  assert.match(err, /set ESIM_USER_ID, ESIM_API_KEY/);
});
