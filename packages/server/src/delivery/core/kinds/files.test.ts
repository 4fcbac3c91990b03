import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { CoreError } from '../core-error.ts';
import { coreFileOf } from '../line-file.ts';
import { callTo, coreOf, subscription } from '../testing/core.harness.ts';
import { csv, open5gsFile, srsranCsv } from './files.ts';

const files = mkdtempSync(join(tmpdir(), 'esim-core-files-'));
after(() => rmSync(files, { recursive: true, force: true }));

const other = { ...subscription, imsi: '001010000000002', iccid: '8988201000000000025' };
const textOf = (core: Parameters<typeof coreFileOf>[1]) => readFileSync(coreFileOf(files, core), 'utf8');

test('user_db.csv of srsRAN has a line for each subscription, and nobody else can read it', async () => {
  const core = coreOf('srsran_csv', '');
  const call = callTo(core, { files });
  await srsranCsv.put(call, subscription);
  await srsranCsv.put(call, other);
  await srsranCsv.put(call, subscription);
  const head = '# Name,Auth,IMSI,Key,OP_Type,OP/OPc,AMF,SQN,QCI,IP_alloc';
  const keys =
    '465b5ce8b199b49faa5f0a2ee238a6bc,opc,cd63cb71954a9f4e48a5994e37a02baf,9001,000000000020,9,dynamic';
  const first = `esim-8988201000000000017,mil,001010000000001,${keys}`;
  const second = `esim-8988201000000000025,mil,001010000000002,${keys}`;
  assert.equal(textOf(core), `${head}\n${first}\n${second}\n`);
  const path = coreFileOf(files, core);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
  assert.deepEqual(readdirSync(dirname(path)), ['core.csv']);

  writeFileSync(
    path,
    `${textOf(core)}# written by hand\nue1,xor,001010000000003,00,opc,00,8000,0,7,dynamic\n`,
  );
  await srsranCsv.remove(call, subscription.imsi);
  assert.equal(
    textOf(core),
    `${head}\n${second}\n# written by hand\nue1,xor,001010000000003,00,opc,00,8000,0,7,dynamic\n`,
  );
});

test('a CSV file has the columns that were chosen', async () => {
  const core = {
    ...coreOf('csv', '', { settings: { columns: ['msisdn', 'imsi', 'ki', 'apn', 'sd', 'sqn'] } }),
    name: 'own',
  };
  const call = callTo(core, { files });
  await csv.put(call, subscription);
  const { msisdn: _, ...without } = other;
  await csv.put(call, without);
  const k = '465b5ce8b199b49faa5f0a2ee238a6bc';
  assert.equal(
    textOf(core),
    `msisdn,imsi,ki,apn,sd,sqn\n15550100,001010000000001,${k},iot,010203,000000000020\n,001010000000002,${k},iot,010203,000000000020\n`,
  );
});

test('many subscriptions at the same time are all in the file, once', async () => {
  const core = { ...coreOf('csv', '', { settings: { columns: ['imsi', 'ki'] } }), name: 'many' };
  const call = callTo(core, { files });
  const imsis = Array.from({ length: 300 }, (_, i) => `00101${String(i).padStart(10, '0')}`);
  await Promise.all(imsis.map((imsi) => csv.put(call, { ...subscription, imsi })));
  await Promise.all(imsis.slice(0, 100).map((imsi) => csv.remove(call, imsi)));
  const lines = textOf(core).trimEnd().split('\n');
  assert.deepEqual(
    lines.slice(1).map((line) => line.split(',')[0]),
    imsis.slice(100),
  );
});

test('the file for Open5GS sets every member, and keeps the sequence number of a subscriber that is there', async () => {
  const core = coreOf('open5gs_file', '');
  const call = callTo(core, { files });
  await open5gsFile.put(call, subscription);
  await open5gsFile.put(call, other);
  await open5gsFile.remove(call, other.imsi);
  const done: unknown[][] = [];
  const note =
    (name: string) =>
    (...words: unknown[]) =>
      void done.push([name, ...words]);
  const subscribers = { updateOne: note('update'), deleteOne: note('delete') };
  const NumberLong = (text: string) => ({ long: text });
  runInNewContext(textOf(core), { db: { subscribers }, NumberLong });
  const ambr = { downlink: { value: 50, unit: 2 }, uplink: { value: 5, unit: 2 } };
  const arp = { priority_level: 8, pre_emption_capability: 1, pre_emption_vulnerability: 1 };
  const session = [{ name: 'iot', type: 3, qos: { index: 9, arp }, ambr, pcc_rule: [] }];
  const set = {
    schema_version: 1,
    msisdn: ['15550100'],
    'security.k': '465b5ce8b199b49faa5f0a2ee238a6bc',
    'security.opc': 'cd63cb71954a9f4e48a5994e37a02baf',
    'security.op': null,
    'security.amf': '9001',
    ambr,
    slice: [{ sst: 1, sd: '010203', default_indicator: true, session }],
    access_restriction_data: 32,
    subscriber_status: 0,
    network_access_mode: 0,
    subscribed_rau_tau_timer: 12,
  };
  const setOnInsert = { 'security.sqn': { long: '32' } };
  assert.deepEqual(JSON.parse(JSON.stringify(done)), [
    ['update', { imsi: '001010000000001' }, { $set: set, $setOnInsert: setOnInsert }, { upsert: true }],
    ['delete', { imsi: '001010000000002' }],
  ]);
});

test('a folder that cannot be written, and a server without one, are errors that are tried again', async () => {
  writeFileSync(join(files, 'a file'), '');
  const core = coreOf('srsran_csv', '');
  const put = (folder?: string) =>
    srsranCsv.put(callTo(core, folder === undefined ? {} : { files: folder }), subscription);
  await assert.rejects(
    put(join(files, 'a file')),
    (error) => error instanceof CoreError && /ENOTDIR/.test(error.message),
  );
  await assert.rejects(put(), /set ESIM_CORE_FILES/);
});

test('no name leads out of the folder', () => {
  for (const account of ['..', '../x', 'a/b', '.'])
    assert.match(
      coreFileOf('/f', { ...coreOf('csv', ''), account, name: '..' }),
      /^\/f\/account-[^/]+\/\.\.\.csv$/,
    );
});
