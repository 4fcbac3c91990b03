import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { esimWithEmptyServer } from '../../../../../test/harness/esim-with-server.ts';

const { cwd, esim } = await esimWithEmptyServer();

const MASTER_KEY = '2b7e151628aed2a6abf7158809cf4f3c';
writeFileSync(join(cwd, 'master.key'), `${MASTER_KEY}\n`);
const add = (type: string, imsi: string, ...more: string[]) =>
  esim(
    ...['template', 'create', '--profile-type', type, '--size', '600'],
    ...['--iccid-start', `8900${imsi.slice(0, 14)}`, '--imsi-start', imsi, ...more],
  );

test('a template with a master key makes what the HLR derives too', async () => {
  const added = await add('derived', '001010123456789', '--master-key', 'master.key');
  assert.match(added.out, /^free numbers +600 of 600$/m, added.err);
  assert.match(added.out, /^keys +derived from its master key$/m);
  const ordered = await esim('profile', 'order', '--type', 'derived', '--json');
  const { imsi, subscription } = JSON.parse(ordered.out);
  assert.deepEqual([imsi, subscription], ['001010123456789', undefined]);
  const keys = await esim('template', 'keys', '--master-key', 'master.key', '--imsi', imsi, '--count', '2');
  const [head, first, second] = keys.out.split('\n');
  assert.equal(head, 'imsi,ki,opc,pin1,puk1,pin2,puk2,adm1,kic1,kid1,kik1');
  assert.equal(
    first,
    `${imsi},7cfda0e0d403da4aaeac6961cd49a35f,bbf6e77683c44b2d0192aa98f6f1e49a,2071,00808493,5178,59796381,23a75585188c185d,e1df12e9bd29aae0518f7cdac9512de0,560838e88ad50469dd8cca8c62286d05,5c3fc2158e7bdce905ac56073776c04a`,
  );
  assert.match(second ?? '', /^001010123456790,/);
  const { out, err } = await esim('template', 'show', 'derived', '--json');
  assert.equal(JSON.parse(out).free_numbers, 599);
  assert.ok(![out, err, added.out, ordered.out].some((text) => text.includes(MASTER_KEY)));
});

test('generated keys are shown to whoever orders, once, in a file if one is named', async () => {
  assert.equal((await add('drawn', '001010223456789')).code, 0);
  const shown = await esim('profile', 'order', '--type', 'drawn');
  assert.match(shown.out, /^LPA:1\$[^\n]+\n$/);
  assert.match(shown.err, /its keys are not shown again:\niccid .*\nimsi .*[\s\S]*\nki +[0-9a-f]{32}\n/);
  const kept = await esim('profile', 'order', '--type', 'drawn', '--keys', 'one.csv', '--json');
  const [, row = ''] = readFileSync(join(cwd, 'one.csv'), 'utf8').split('\n');
  const { iccid, subscription } = JSON.parse(kept.out);
  assert.deepEqual([row.split(',')[0], subscription], [iccid, undefined]);
  assert.match(kept.err, /the keys of the profile are in one\.csv/);
});

test('profiles are stocked from a template, and its numbers count down', async () => {
  const made = await esim('template', 'generate', 'drawn', '--count', '300', '--keys', 'many.csv');
  assert.match(made.out, /^300 profiles are in stock\. Their keys are in many\.csv/, made.err);
  assert.equal(readFileSync(join(cwd, 'many.csv'), 'utf8').trimEnd().split('\n').length, 301);
  assert.equal(statSync(join(cwd, 'many.csv')).mode & 0o777, 0o600);
  const derived = await esim('template', 'generate', 'derived', '--count', '2', '--keys', 'none.csv');
  assert.equal(derived.out, '2 profiles are in stock. Their keys are derived\n');
  assert.ok(!existsSync(join(cwd, 'none.csv')));
  assert.match(
    (await esim('template', 'list')).out,
    /^derived +597 +600 +derived\ndrawn +298 +600 +generated$/m,
  );
  assert.match((await esim('type', 'list')).out, /^drawn +300 +298 +302 +RELEASED 2$/m);
  const much = await esim('template', 'generate', 'drawn', '--count', '500', '--keys', 'much.csv');
  assert.equal(much.code, 1);
  assert.match(much.err, /48 of 250[\s\S]*250 profiles were created/);
});

test('a template is deleted, and errors in templates are reported', async () => {
  assert.match((await esim('template', 'delete', 'derived')).out, /is deleted; its profiles stay/);
  assert.match((await esim('template', 'show', 'derived')).err, /template_not_found/);
  writeFileSync(join(cwd, 'short.key'), 'abcd');
  const short = await add('other', '001010323456789', '--master-key', 'short.key');
  assert.deepEqual([short.code, /short\.key does not contain a master key/.test(short.err)], [2, true]);
  assert.ok(!short.err.includes('abcd'));
  const twice = await add('drawn', '001010423456789');
  assert.deepEqual([twice.code, /template_exists/.test(twice.err)], [1, true]);
});

test('when whoever reads the lines has seen enough, the command ends well and says nothing', () => {
  const main = new URL('../../main.ts', import.meta.url).pathname;
  const derive = ['template', 'keys', '--master-key', 'master.key', '--imsi', '001010000000000'];
  const line = `${[process.execPath, main, ...derive, '--count', '1000000'].join(' ')} | head -n 2; echo \${PIPESTATUS[0]}`;
  const { stdout, stderr } = spawnSync('bash', ['-c', line], { cwd, encoding: 'utf8', timeout: 60_000 });
  assert.match(stdout, /^imsi,.*\n001010000000000,.*\n0\n$/);
  assert.equal(stderr, '');
});
