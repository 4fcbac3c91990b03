import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Configuration, ConnectionError, ESIMRSPApi, type ImportReport } from '@esim-rsp/sdk';
import { runEsim } from '../../../../../test/harness/esim.ts';
import { esimWithEmptyServer } from '../../../../../test/harness/esim-with-server.ts';
import { progressText } from '../../rest/import-progress.ts';

const { cwd, env, esim, server } = await esimWithEmptyServer();

const [ki, opc] = ['465b5ce8b199b49faa5f0a2ee238a6bc', 'cd63cb71954a9f4e48a5994e37a02baf'];
let counter = 0;
function parameters() {
  const number = String(++counter).padStart(10, '0');
  return { iccid: `890010100${number}`, imsi: `00101${number}`, ki, opc };
}

function csvOf(rows: readonly object[]): string {
  return ['ICCID,IMSI,Ki,OPc', ...rows.map((row) => Object.values(row).join(','))].join('\n');
}

test('a file is imported, what failed is reported by its line, and the exit code is 1 then', async () => {
  const rows = Array.from({ length: 150 }, parameters);
  writeFileSync(join(cwd, 'good.csv'), csvOf(rows));
  writeFileSync(join(cwd, 'mixed.csv'), csvOf([...rows, { ...parameters(), ki: 'f00d' }]));
  const good = await esim('profile', 'import', 'good.csv', '--profile-type', 'basic');
  assert.deepEqual([good.code, good.out], [0, '150 rows: 150 created, 0 existed, 0 failed\n'], good.err);
  const mixed = await esim('profile', 'import', 'mixed.csv', '--profile-type', 'basic');
  assert.deepEqual([mixed.code, mixed.out], [1, '151 rows: 0 created, 150 existed, 1 failed\n']);
  assert.match(
    mixed.err,
    /^line 152 \(\d{19}\): ki must be 32 or 64 hexadecimal digits[^\n]+\n.*1 of 151 rows failed\n$/,
  );
  assert.ok(!mixed.err.includes('f00d'));
  const asJson = await esim('profile', 'import', 'mixed.csv', '--profile-type', 'basic', '--json');
  const [failure, summary] = asJson.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual([failure.type, failure.line], ['error', 152]);
  assert.deepEqual([summary.type, summary.exists, summary.failed], ['summary', 150, 1]);
  const shown = await esim('profile', 'show', rows[149]?.iccid as string, '--json');
  assert.equal(JSON.parse(shown.out).profile_type, 'basic');
});

test('failed rows are kept in a file of their own, to correct and import again', async () => {
  const [good, bad] = [parameters(), parameters()];
  writeFileSync(join(cwd, 'some.csv'), csvOf([good, { ...bad, ki: 'f00d' }]));
  const some = await esim('profile', 'import', 'some.csv', '--failed-to', 'failed.csv', '--json');
  assert.equal(some.code, 1);
  assert.doesNotMatch(some.out + some.err, /f00d/);
  const failed = readFileSync(join(cwd, 'failed.csv'), 'utf8');
  assert.equal(failed.split('\r\n')[0], '\ufeffimport_error,ICCID,IMSI,Ki,OPc');
  assert.equal(statSync(join(cwd, 'failed.csv')).mode & 0o077, 0);
  const again = await esim('profile', 'import', 'some.csv', '--failed-to', 'failed.csv');
  assert.match(again.err, /failed\.csv already exists/);
  writeFileSync(join(cwd, 'corrected.csv'), failed.replace('f00d', ki));
  const corrected = await esim('profile', 'import', 'corrected.csv');
  assert.equal(corrected.out, '1 rows: 1 created, 0 existed, 0 failed\n', corrected.err);
});

test('what was imported is counted by type, and ordered by it', async () => {
  const rows = Array.from({ length: 3 }, parameters);
  writeFileSync(join(cwd, 'typed.csv'), csvOf(rows));
  assert.equal((await esim('profile', 'import', 'typed.csv', '--profile-type', 'travel')).code, 0);
  const ordered = await esim('profile', 'order', '--type', 'travel', '--json');
  assert.equal(JSON.parse(ordered.out).iccid, rows[0]?.iccid, ordered.err);
  assert.match((await esim('type', 'list')).out, /^travel +2 +- +3 +RELEASED 1$/m);
  const none = await esim('profile', 'order', '--type', 'none');
  assert.equal(none.code, 1);
  assert.match(none.err, /no profile of this type was ever stocked/);
  for (const wrong of [[], ['8900101000000001009', '--type', 'travel']])
    assert.equal((await esim('profile', 'order', ...wrong)).code, 2);
});

test('subscriptions are made from ranges, and their keys go into a file that only its owner reads', async () => {
  const ranges = ['--iccid-start', '890010177700000000', '--imsi-start', '001017770000000'];
  const labels = ['--profile-type', 'made', '--service-provider-name', 'Example'];
  const generate = (count: string) =>
    esim('profile', 'generate', '--count', count, ...ranges, ...labels, '--keys', 'hlr.csv');
  const made = await generate('260');
  assert.match(made.out, /^260 profiles are in stock\. Their keys are in hlr\.csv/, made.err);
  const rows = readFileSync(join(cwd, 'hlr.csv'), 'utf8').trimEnd().split('\n');
  assert.equal(rows.length, 261);
  assert.match(rows[0] ?? '', /^iccid,imsi,msisdn,algorithm,ki,opc,/);
  assert.match(rows[260] ?? '', /^890010177700000259\d,001017770000259,,milenage,[0-9a-f]{32},[0-9a-f]{32},/);
  assert.equal(statSync(join(cwd, 'hlr.csv')).mode & 0o777, 0o600);
  assert.match((await esim('type', 'list')).out, /^made +260 +- +260$/m);
  const again = await generate('1');
  assert.equal(again.code, 1);
  assert.match(again.err, /hlr\.csv already exists: choose a new file/);
});

test('stdin is imported as the format says; a name that says nothing, or no file, is reported', async () => {
  const stdin = `${JSON.stringify({ parameters: parameters() })}\n`;
  const piped = await runEsim({ cwd, env, stdin }, 'profile', 'import', '-', '--format', 'ndjson');
  assert.deepEqual([piped.code, piped.out], [0, '1 rows: 1 created, 0 existed, 0 failed\n'], piped.err);
  const unnamed = await esim('profile', 'import', 'stock.dat');
  assert.equal(unnamed.code, 2);
  assert.match(unnamed.err, /add --format ndjson\|csv\|zip/);
  const missing = await esim('profile', 'import', 'none.csv');
  assert.equal(missing.code, 1);
  assert.match(missing.err, /none\.csv cannot be read \(ENOENT\)/);
  writeFileSync(join(cwd, 'other.csv'), 'colour\nred\n');
  const other = await esim('profile', 'import', 'other.csv');
  assert.equal(other.code, 1);
  assert.match(other.err, /"colour" are not known.*\(invalid_import, HTTP 400/);
});

const api = new ESIMRSPApi(
  new Configuration({
    basePath: `${server.restUrl}/api/v1/esim`,
    apiKey: (name) => (name === 'x-user-id' ? env.ESIM_USER_ID : env.ESIM_API_KEY),
  }),
);
const line = () => `${JSON.stringify({ parameters: parameters() })}\n`;

/** A stream, and what is written into it. */
function streamed() {
  const controllers: ReadableStreamDefaultController<Uint8Array>[] = [];
  const stream = new ReadableStream<Uint8Array>({ start: (controller) => void controllers.push(controller) });
  return { stream, sending: controllers[0] as ReadableStreamDefaultController<Uint8Array> };
}

test('the SDK imports strings, Blobs and streams, and reports come in while a stream is sent', async () => {
  for (const source of [line(), new Blob([line()])]) {
    const reports = await Array.fromAsync(api.importEUICCProfiles(source, { format: 'ndjson' }));
    assert.deepEqual(
      reports.map((report) => [report.type, 'created' in report && report.created]),
      [['summary', 1]],
    );
  }
  const { stream, sending } = streamed();
  const reports = api.importEUICCProfiles(stream, { format: 'ndjson' });
  sending.enqueue(new TextEncoder().encode('no JSON\n'));
  const first = (await reports.next()).value as ImportReport;
  assert.deepEqual([first.type, 'line' in first && first.line], ['error', 1]);
  sending.enqueue(new TextEncoder().encode(line()));
  sending.close();
  const rest = await Array.fromAsync(reports);
  assert.deepEqual(
    rest.map(({ type }) => type),
    ['summary'],
  );
});

test('what is wrong from the beginning is answered, however much is still to be sent', async () => {
  const { stream, sending } = streamed();
  sending.enqueue(new TextEncoder().encode('colour\nred\n'));
  const rows = new TextEncoder().encode('blue\n'.repeat(10_000));
  for (let i = 0; i < 100; i++) sending.enqueue(rows);
  sending.close();
  const refused = Array.fromAsync(api.importEUICCProfiles(stream, { format: 'csv' }));
  await assert.rejects(refused, { code: 'invalid_import', status: 400 });
});

test('an Idempotency-Key does no harm to an import', async () => {
  const headers = { 'idempotency-key': 'import-1' };
  const source = line();
  for (const expected of [1, 0]) {
    const reports = await Array.fromAsync(api.importEUICCProfiles(source, { format: 'ndjson' }, { headers }));
    assert.equal((reports.at(-1) as { created?: number }).created, expected);
  }
});

test('what landed before the connection broke stays, and the same again goes on', async () => {
  const [landed, later] = [line(), line()];
  const breaking = new AbortController();
  const { stream, sending } = streamed();
  const reports = api.importEUICCProfiles(stream, { format: 'ndjson' }, { signal: breaking.signal });
  sending.enqueue(new TextEncoder().encode(`${landed}no JSON\n`));
  await reports.next();
  breaking.abort();
  await assert.rejects(Array.fromAsync(reports), { name: 'AbortError' });
  const again = await Array.fromAsync(api.importEUICCProfiles(landed + later, { format: 'ndjson' }));
  const { created, exists } = again.at(-1) as Extract<ImportReport, { type: 'summary' }>;
  assert.deepEqual([created, exists], [1, 1]);
});

test('an import whose answer ends without a summary is a connection that broke', async () => {
  const fetch = async () => new Response('{"type":"progress","rows":1}\n', { status: 200 });
  const cut = new ESIMRSPApi(new Configuration({ basePath: 'http://example.test', fetch }));
  await assert.rejects(
    Array.fromAsync(cut.importEUICCProfiles('', { format: 'csv' })),
    (error) => error instanceof ConnectionError && /Send it again/.test(error.message),
  );
});

test('progress has a bar where the size is known, and says how long it will take', () => {
  const counts = { type: 'progress', rows: 5000, created: 4990, exists: 0, failed: 10, bytes: 250 } as const;
  assert.equal(
    progressText(counts, 10, 1000),
    '[######..................] 25 %  5000 rows, 500/s, 10 failed, 0:30 left',
  );
  assert.equal(progressText({ ...counts, failed: 0 }, 10), '5000 rows, 500/s');
});

test('a dry run says what an import would do, and creates nothing', async () => {
  const rows = [parameters(), parameters()];
  const [first] = rows;
  writeFileSync(join(cwd, 'tried.csv'), csvOf([...rows, { ...parameters(), imsi: first?.imsi }]));
  const tried = await esim('profile', 'import', 'tried.csv', '--dry-run');
  const nothing = '; this was a dry run: nothing was written';
  assert.deepEqual(
    [tried.code, tried.out],
    [1, `3 rows: 2 would be created, 0 existed, 1 failed${nothing}\n`],
  );
  assert.match(tried.err, /^line 4 \(\d{19}\): line 2 has this IMSI too\n/);
  const allowed = await esim(
    'profile',
    'import',
    'tried.csv',
    '--dry-run',
    '--allow-duplicate-imsi',
    '--json',
  );
  const summary = JSON.parse(allowed.out.trimEnd().split('\n').at(-1) ?? '');
  assert.deepEqual([allowed.code, summary.dry_run, summary.created], [0, true, 3]);
  assert.equal((await esim('profile', 'show', first?.iccid as string)).code, 1);
  const real = await esim('profile', 'import', 'tried.csv', '--allow-duplicate-imsi');
  assert.deepEqual([real.code, real.out], [0, '3 rows: 3 created, 0 existed, 0 failed\n']);
});

test('a phone number is imported, shown, listed and found', async () => {
  const { iccid, imsi } = parameters();
  writeFileSync(
    join(cwd, 'phone.csv'),
    `iccid,imsi,ki,opc,msisdn\n${iccid},${imsi},${ki},${opc},+4915112345678\n`,
  );
  assert.equal((await esim('profile', 'import', 'phone.csv')).code, 0);
  assert.match((await esim('profile', 'show', iccid)).out, /^msisdn +\+4915112345678$/m);
  for (const number of ['+4915112345678', '0049 151 12345678', '4915112345678']) {
    const found = await esim('profile', 'list', '--msisdn', number, '--columns', 'iccid,msisdn');
    assert.match(found.out, new RegExp(`^${iccid} +\\+4915112345678$`, 'm'), number);
  }
  assert.equal(
    (await esim('profile', 'list', '--msisdn', '4915112345679', '--json')).out.includes(iccid),
    false,
  );
});
