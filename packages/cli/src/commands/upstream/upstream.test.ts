import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { UpstreamOperation } from '@esim-rsp/sdk';
import type { Outcome } from '../../../../../test/harness/esim.ts';
import { esimWithDemo } from '../../../../../test/harness/esim-with-server.ts';

const { cwd, esim, server } = await esimWithDemo();

function json({ code, out, err }: Outcome) {
  assert.equal(code, 0, err);
  return JSON.parse(out);
}

function refused({ code, err }: Outcome, expected: number, message: RegExp) {
  assert.equal(code, expected, err);
  assert.match(err, message);
}

const CA = 'data/pki/CertificateIssuer/CERT_CI_ECDSA_NIST.pem';

/** The demo server is an upstream of itself: `us` is an operator of it. */
async function add(name: string, ...more: string[]): Promise<Outcome> {
  const identity = ['--cert', 'us.pem', '--key', 'us.key', '--ca', CA];
  const vendor = ['--url', server.es2Url, '--requester', 'us', '--smdp-address', server.smdpAddress];
  return esim('upstream', 'add', name, ...identity, ...vendor, ...more);
}

test('an upstream is added, tested, shown, updated and deleted, and its key is never printed', async () => {
  json(await esim('operator', 'make-cert', 'us', '--json'));
  refused(
    await esim('upstream', 'add', 'vendor', '--cert', 'us.pem'),
    2,
    /add --url, --key, --requester, --smdp/,
  );
  const added = json(await add('vendor', '--points', '4=installed,101=enabled', '--json'));
  assert.deepEqual(
    [added.name, added.url, added.requester_identifier, added.repeats_answers],
    ['vendor', server.es2Url, 'us', true],
  );
  assert.deepEqual(added.notification_points, [
    { point: 4, meaning: 'installed' },
    { point: 101, meaning: 'enabled' },
  ]);
  assert.match(added.ca[0], /CN=Test CI/);
  refused(await add('vendor'), 1, /there is an upstream vendor already/);

  const unknown = await esim('upstream', 'test', 'vendor');
  assert.equal(unknown.code, 1);
  assert.match(
    unknown.out,
    /^FAILED {2}es2plus +the server does not accept the client certificate \(HTTP 403\)/m,
  );
  assert.equal((await esim('operator', 'create', '--name', 'us', '--cert', 'us.pem')).code, 0);
  const works = await esim('upstream', 'test', 'vendor');
  assert.equal(works.code, 0, works.out);
  assert.match(works.out, /^ok {6}es2plus +ES2\+ answers/m);

  const type = await esim('upstream', 'type', 'vendor', 'travel', '--vendor-type', 'TRAVEL-1');
  assert.equal(type.out, 'The type travel comes from vendor, which calls it TRAVEL-1.\n');
  const shown = await esim('upstream', 'show', 'vendor');
  assert.match(shown.out, /\ntype +travel \(TRAVEL-1\)\n/);
  const kept = await esim('upstream', 'type', 'vendor', 'roam', '--keep-ready', '2', '--batch', '3');
  assert.match(kept.out, /calls it roam\. Below 2 that are ready, 3 more are ordered ahead\.\n$/);
  assert.match(
    (await esim('upstream', 'show', 'vendor')).out,
    /\ntype +roam \(roam\): 0 ready.*, below 2: 3 more/,
  );
  refused(
    await esim('upstream', 'type', 'vendor', 'roam', '--batch', '3', '--delete'),
    2,
    /without the options/,
  );
  await esim('upstream', 'type', 'vendor', 'roam', '--delete');
  assert.match((await esim('upstream', 'list')).out, /^NAME .*\nvendor +https:.* days\n$/);
  const updated = json(
    await esim('upstream', 'update', 'vendor', '--timeout', '60', '--no-repeats-answers', '--json'),
  );
  assert.deepEqual([updated.timeout_seconds, updated.repeats_answers, updated.concurrency], [60, false, 4]);
  assert.doesNotMatch(JSON.stringify([added, shown, updated]), /PRIVATE KEY/);

  assert.match(
    (await esim('upstream', 'type', 'vendor', 'travel', '--delete')).out,
    /does not come from vendor/,
  );
  refused(await esim('upstream', 'type', 'vendor', 'travel', '--delete'), 1, /does not come from/);
  assert.equal((await esim('upstream', 'delete', 'vendor')).out, 'The upstream vendor is deleted.\n');
  refused(await esim('upstream', 'show', 'vendor'), 1, /there is no upstream vendor/);
});

test('what cannot be an upstream is refused with what to do', async () => {
  json(await esim('operator', 'make-cert', 'other', '--json'));
  writeFileSync(join(cwd, 'empty.pem'), '');
  const wrong = (...more: string[]) => add('wrong', ...more);
  refused(await wrong('--key', 'other.key'), 1, /client_key is not the key of the first certificate/);
  refused(await wrong('--cert', CA), 1, /client_key is not the key/);
  refused(await wrong('--ca', 'other.key'), 1, /ca has no certificate/);
  refused(await wrong('--cert', 'missing.pem'), 2, /missing\.pem, cannot be read \(ENOENT\)/);
  refused(await wrong('--url', 'http://vendor.example.com'), 1, /url must be a URL such as https/);
  refused(await wrong('--smdp-address', 'https://x/'), 1, /smdp_address must be a host name/);
  refused(await wrong('--points', '4:installed'), 2, /pairs with commas/);
  refused(await esim('upstream', 'update', 'nobody', '--timeout', '60'), 1, /there is no upstream nobody/);
  refused(await esim('upstream', 'update', 'nobody'), 2, /nothing to update/);
});

/** The commands of a page, in the order of the page, without comments. */
function commandsOf(page: string): string[][] {
  const blocks = Array.from(page.matchAll(/^```sh\n(.*?)^```/gms), ([, block = '']) => block);
  const lines = blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n'));
  return lines
    .filter((line) => line.startsWith('npx esim '))
    .map((line) =>
      line
        .replace(/ +#.*$/, '')
        .split(' ')
        .slice(2),
    );
}

test('the commands of the guide do what it says', async () => {
  const page = readFileSync(new URL('../../../../../docs/guide/gateway.md', import.meta.url), 'utf8');
  writeFileSync(
    join(cwd, 'list.csv'),
    'iccid,pin1,puk1,ki,opc\n8988201000000099998,1,2,3,4\n8988201000000099980,1,2,3,4\n',
  );
  await esim('operator', 'delete', 'us');
  for (const file of ['us.pem', 'us.key']) rmSync(join(cwd, file), { force: true });
  const commands = commandsOf(page);
  assert.ok(commands.length >= 8, 'the guide has commands');
  const outcomes: string[] = [];
  for (const words of commands) {
    const local = words.map((word) =>
      word.replace('https://localhost:8444', server.es2Url).replace('localhost:8443', server.smdpAddress),
    );
    const { code, out, err } = await esim(...local);
    const isOrder = words[0] === 'profile' && words[1] === 'order';
    assert.equal(code, isOrder ? 1 : 0, `${words.join(' ')}: ${err}`);
    if (isOrder) assert.match(err, /the upstream vendor refuses downloadOrder \(8\.2\.1\/3\.5\)/);
    outcomes.push(out);
  }
  assert.ok(
    outcomes.some((out) => out.startsWith('2 rows: 2 created')),
    'the list was imported',
  );
  for (const iccid of ['8988201000000099998', '8988201000000099980']) {
    const { upstream, profile_type, state } = json(await esim('profile', 'show', iccid, '--json'));
    assert.deepEqual([upstream, profile_type, state], ['vendor', 'travel', 'AVAILABLE']);
  }
  const { operations } = json(await esim('operation', 'list', '--json'));
  assert.deepEqual(
    operations
      .filter(({ operation }: UpstreamOperation) => operation === 'order')
      .map(({ iccid, error }: UpstreamOperation) => [iccid, error?.subject_code]),
    [['8988201000000099998', '8.2.1']],
    'the demo is its own vendor, and knows that it does not have the profile',
  );
});
