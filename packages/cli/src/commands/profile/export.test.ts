import assert from 'node:assert/strict';
import { test } from 'node:test';
import { esimWithDemo } from '../../../../../test/harness/esim-with-server.ts';

const beside = await esimWithDemo();
const esim = (...args: string[]) => beside.esim('profile', ...args);

test('profiles are exported as lines of JSON or as CSV, without keys', async () => {
  const [lines, csv, plain, some] = await Promise.all([
    esim('export'),
    esim('export', '--format', 'csv'),
    esim('export', '--format', 'plain_csv'),
    esim('export', '--state', 'RELEASED,ERROR', '--sort=-iccid'),
  ]);
  const profiles = lines.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(profiles.length, 13, lines.err);
  for (const { ki, opc } of profiles) assert.deepEqual([ki, opc], [undefined, undefined]);
  const rows = plain.out.trimEnd().split('\n');
  assert.match(rows[0] ?? '', /^iccid,state,imsi,msisdn,/);
  assert.deepEqual(
    rows.slice(1).map((row) => row.split(',')[0]),
    profiles.map(({ iccid }) => iccid),
  );
  const forSheets = csv.out.trimEnd().split('\n');
  assert.match(forSheets[0] ?? '', /^\ufefficcid,state,imsi,msisdn,/);
  assert.deepEqual(
    forSheets.slice(1).map((row) => row.split(',')[0]),
    profiles.map(({ iccid }) => `"=""${iccid}"""`),
  );
  const expected = profiles.filter(({ state }) => state === 'RELEASED' || state === 'ERROR').toReversed();
  assert.ok(expected.length > 3);
  assert.deepEqual(
    some.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    expected,
  );
});

test('an export has the columns that are named, activation codes among them', async () => {
  const usual = await esim('export');
  assert.doesNotMatch(usual.out, /LPA:1|activation_code|matching_id/);
  const codes = await esim(
    'export',
    '--state',
    'RELEASED',
    '--columns',
    'iccid,activation_code',
    '--format',
    'plain_csv',
  );
  const [names, ...rows] = codes.out.trimEnd().split('\n');
  assert.equal(names, 'iccid,activation_code');
  assert.ok(rows.length > 1 && rows.some((row) => /^\d{19},LPA:1\$localhost/.test(row)), codes.out);
  const wrong = await esim('export', '--columns', 'iccid,ki');
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /columns has a name that is no column of a Profile/);
  const none = await esim('export', '--changed-until', '2020-01-01', '--format', 'plain_csv');
  assert.equal(none.out.trimEnd().split('\n').length, 1);
});

test('a list is narrowed, sorted, and goes on by its cursor', async () => {
  const page = await esim('list', '--state', 'RELEASED,ERROR', '--count', '2');
  const [, cursor = ''] = /^2 profiles; the next ones: --cursor (\S+), or --all\n$/.exec(page.err) ?? [];
  const rest = await esim('list', '--state', 'RELEASED,ERROR', '--cursor', cursor);
  const all = await esim('list', '--state', 'RELEASED,ERROR', '--all');
  const rowsOf = ({ out }: { out: string }) =>
    out
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((row) => row.slice(0, 19));
  assert.deepEqual([...rowsOf(page), ...rowsOf(rest)], rowsOf(all));
  const recent = await esim(
    'list',
    '--changed-since',
    '8d',
    '--sort=-last_operation_date',
    '--text',
    '89001',
    '--json',
  );
  assert.equal(JSON.parse(recent.out).euicc_profiles.length, 13, recent.err);
  for (const wrong of [
    ['--state', 'RELEASED,LOST'],
    ['--eid', '12'],
    ['--offset', '1', '--cursor', 'x'],
  ])
    assert.equal((await esim('list', ...wrong)).code, 2, wrong.join(' '));
  assert.equal((await esim('list', '--offset', '1', '--imsi', '001010000000001')).code, 1);
});
