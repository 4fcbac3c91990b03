import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { type ZipEntry, zipOf } from '../../stock/import/zip.harness.ts';
import { LIST, problemIn, restTest, stocked, subscription } from '../rest.harness.ts';
import { imported, lines, packageOf, sent, shown } from './rest-import.harness.ts';

test('good lines land, and each bad one is reported with its line and reason', async () => {
  await using api = await restTest();
  const [good, pack] = [subscription(), packageOf()];
  const taken = await stocked(api, 'bert');
  const result = await imported(
    api,
    'ndjson',
    `\ufeff${lines(
      { parameters: good, profile_name: 'Travel' },
      '',
      '{"parameters": ',
      { parameters: { ...subscription(), ki: 'secret' } },
      { profile_package: pack.content.toString('base64') },
      { profile_package: 'oAA=' },
      { parameters: { ...subscription(), iccid: taken } },
      { parameters: good, profile_name: 'Travel' },
      { parameters: good, profile_name: 'Home' },
      'null',
    )}\r\n`,
  );
  assert.deepEqual(result.counts, [9, 2, 1, 6]);
  assert.equal(result.complete, true);
  assert.deepEqual(
    result.failures.map((failure) => failure.slice(0, 50)),
    [
      '3: is not JSON',
      '4: ki must be 32 or 64 hexadecimal digits, and has 6 characters',
      "6: the profile package does not close with 'end' (AA)",
      '7: this ICCID is not available',
      '9: a profile with this ICCID exists already, with ',
      '10: the body must have either profile_package or pa',
    ].map((failure) => failure.slice(0, 50)),
  );
  assert.ok(!JSON.stringify(result).includes('secret'), 'no value is quoted');
  assert.equal((await shown(api, good.iccid)).profile_name, 'Travel');
  assert.equal((await shown(api, pack.iccid)).service_provider_name, 'Example');
});

test('the same file once more changes nothing: every row is there', async () => {
  await using api = await restTest();
  const text = lines(...Array.from({ length: 200 }, () => ({ parameters: subscription() })));
  assert.deepEqual((await imported(api, 'ndjson', text)).counts, [200, 200, 0, 0]);
  assert.deepEqual((await imported(api, 'ndjson', text)).counts, [200, 0, 200, 0]);
  const { events } = (await api.call('/api/v1/esim/events?count=1000')).json();
  assert.equal(events.length, 200);
});

test('a name in a spreadsheet that is too long for the SIM is in the metadata only', async () => {
  await using api = await restTest();
  const [fits, long] = [subscription(), subscription()];
  const row = ({ iccid, imsi, ki, opc }: typeof fits, name: string) => [iccid, imsi, ki, opc, name].join(',');
  const text = ['iccid,imsi,ki,opc,spn', row(fits, 'Ростелеком'), row(long, 'Ростелеком ЦЕНТР')].join('\n');
  assert.deepEqual((await imported(api, 'csv', text)).counts, [2, 2, 0, 0]);
  assert.equal((await shown(api, long.iccid)).service_provider_name, 'Ростелеком ЦЕНТР');
});

test('CSV is read with the column names that operators use', async () => {
  await using api = await restTest();
  const [a, b, c] = [subscription(), subscription(), subscription()];
  const text = [
    'ICCID;IMSI;Ki; OPc ;PIN 1;PUK-1;ADM1;MSISDN;SPN;Profile Name;profile_type;Batch',
    `${a.iccid};${a.imsi};${a.ki};${a.opc};0000;12345678;11223344;+4915112345678;Example;"Travel ""10;20"" GB";basic;"7`,
    `and 8"`,
    '',
    `${b.iccid};${b.imsi};${b.ki};${b.opc};;;;;A provider with a long name;;;`,
    `${c.iccid};${c.imsi};${c.ki};${c.opc};1;;;;;;;`,
    `${c.iccid};${c.imsi}`,
    `${c.iccid};"${c.imsi};`,
  ].join('\r\n');
  const result = await imported(api, 'csv', text, { query: '?ignore_columns=batch&profile_type=other' });
  assert.deepEqual(result.counts, [5, 2, 0, 3]);
  assert.deepEqual(result.failures, [
    '6: pin1 must be 4 to 8 digits, and has 1 character: a spreadsheet may have removed zeros at its beginning',
    '7: has 2 fields, but there are 12 column names',
    '8: has a quote inside a field: quotes go around whole fields',
  ]);
  const first = await shown(api, a.iccid);
  assert.deepEqual(
    [first.profile_name, first.profile_type, first.service_provider_name],
    ['Travel "10;20" GB', 'basic', 'Example'],
  );
  const second = await shown(api, b.iccid);
  assert.deepEqual(
    [second.profile_type, second.service_provider_name],
    ['other', 'A provider with a long name'],
  );
});

test('a row whose name goes over two lines is refused, and says which character it has', async () => {
  await using api = await restTest();
  const { iccid, imsi, ki, opc } = subscription();
  const text = `iccid,imsi,ki,opc,profile_name\n${iccid},${imsi},${ki},${opc},"Travel\n10 GB"`;
  const { failures } = await imported(api, 'csv', text);
  assert.deepEqual(failures, ['2: profile_name has the character U+000A, which is not allowed']);
});

test('a CSV file of packages has them in base64', async () => {
  await using api = await restTest();
  const pack = packageOf();
  const text = `iccid\tprofile_package\tprofile_name\n${pack.iccid}\t${pack.content.toString('base64')}\tTravel`;
  assert.deepEqual((await imported(api, 'csv', text)).counts, [1, 1, 0, 0]);
  assert.equal((await shown(api, pack.iccid)).profile_name, 'Travel');
});

test('column names that do not make a profile are answered 400, and nothing is stocked', async () => {
  await using api = await restTest();
  for (const [text, message] of [
    ['', /no line of column names/],
    ['iccid,imsi,ki\n', /no column called opc/],
    ['iccid,imsi,ki,opc,colour\n1,2,3,4,5', /"colour" are not known: say so in ignore_columns/],
    ['iccid,imsi,ki,opc,K I\n', /two columns are called ki/],
  ] as const)
    assert.match(problemIn(await sent(api, 'csv', text), 400, 'invalid_import').message, message);
});

test('a zip of packages is read whichever way it was written', async () => {
  await using api = await restTest();
  const ways = ['deflated', 'stored', 'deflated to a pipe', 'zip64'] as const;
  const packages = ways.map((as) => ({ ...packageOf(), as }));
  const entries: ZipEntry[] = packages.map(({ iccid, content, as }) => ({
    name: `stock/${iccid}.der`,
    content,
    as,
  }));
  const zip = zipOf([
    { name: 'stock/', content: Buffer.alloc(0), as: 'stored' },
    { name: '__MACOSX/stock/._a.der', content: Buffer.alloc(9) },
    ...entries,
    { name: 'notes.txt', content: Buffer.from('not a package') },
    { name: 'damaged.der', content: packageOf().content, wrongCrc: true },
    { name: 'locked.der', content: packageOf().content, encrypted: true },
    { name: 'huge.der', content: Buffer.alloc(2_000_000) },
    ...entries.slice(0, 1),
  ]);
  const result = await imported(api, 'zip', zip, { query: '?profile_type=basic' });
  assert.deepEqual(result.counts, [9, 4, 1, 4]);
  assert.deepEqual(
    result.failures.map((failure) => failure.slice(0, 30)),
    [
      'notes.txt: profile element 1 a',
      'damaged.der: is damaged: its c',
      'locked.der: is encrypted',
      'huge.der: has more than 104857',
    ],
  );
  for (const { iccid } of packages) assert.equal((await shown(api, iccid)).profile_type, 'basic');
});

test('it does not matter in which pieces a file arrives', async () => {
  await using api = await restTest();
  const entries = Array.from({ length: 3 }, (_, i) => ({
    name: `${i}.der`,
    content: packageOf().content,
    as: (['stored', 'deflated to a pipe', 'deflated'] as const)[i] as ZipEntry['as'] & string,
  }));
  const zip = zipOf(entries);
  const text = Buffer.from(`${lines({ parameters: subscription(), profile_name: 'Zürich' }, 'ß')}\n`);
  for (const size of [1, 7, 1000]) {
    const cut = (bytes: Buffer) =>
      Readable.from(
        Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        ),
      );
    const ofZip = await imported(api, 'zip', cut(zip));
    assert.deepEqual([ofZip.counts[0], ofZip.failures, ofZip.complete], [3, [], true]);
    const ofText = await imported(api, 'ndjson', cut(text));
    assert.deepEqual(ofText.failures, ['2: is not JSON']);
  }
});

test('a zip that is cut off keeps what came before, and says so', async () => {
  await using api = await restTest();
  const [first, second] = [packageOf(), packageOf()];
  const zip = zipOf([
    { name: 'a.der', content: first.content },
    { name: 'b.der', content: second.content },
  ]);
  const result = await imported(api, 'zip', zip.subarray(0, zip.length * 0.6));
  assert.deepEqual([result.counts, result.complete], [[1, 1, 0, 0], false]);
  assert.match(result.message, /cut off/);
  assert.equal((await shown(api, first.iccid)).state, 'AVAILABLE');
  problemIn(await sent(api, 'zip', 'PK, but no zip at all, for all that is known'), 400, 'invalid_import');
  problemIn(
    await sent(api, 'zip', zipOf([{ name: 'a', content: first.content, as: 'stored to a pipe' }])),
    400,
  );
});

test('a line that is too long is passed over, and the next one is read', async () => {
  await using api = await restTest();
  const text = lines(`"${'x'.repeat(3_000_000)}"`, { parameters: subscription() });
  const { counts, failures } = await imported(api, 'ndjson', text);
  assert.deepEqual([counts, failures], [[2, 1, 0, 1], ['1: has more than 1500000 bytes']]);
});

test('a record of CSV that is too long is passed over, and the next one is read', async () => {
  await using api = await restTest();
  const { iccid, imsi, ki, opc } = subscription();
  const row = [iccid, imsi, ki, opc].join(',');
  for (const long of ['x'.repeat(300_000), `"${'x'.repeat(200_000)}\n${'x'.repeat(100_000)}"`]) {
    const { failures } = await imported(api, 'csv', `iccid,imsi,ki,opc\n${long},1,2,3\n${row}\n`);
    assert.deepEqual(failures, ['2: has more than 262144 characters: is a quote left open?']);
  }
});

test('a body of another type is refused with those that are taken', async () => {
  await using api = await restTest();
  for (const type of ['application/json', 'image/png'])
    assert.match(
      problemIn(
        await api.call(`${LIST}/import`, {
          method: 'POST',
          payload: '{}',
          headers: { 'content-type': type },
        }),
        415,
      ).message,
      /send the body as Content-Type: text\/csv, application\/x-ndjson, application\/zip/,
    );
  problemIn(await api.call(`${LIST}/import`, { method: 'POST' }), 400, 'invalid_import');
});

test('an account has four imports at a time, and another account its own', async () => {
  await using api = await restTest();
  const open = Array.from({ length: 4 }, () => new Readable({ read: () => undefined }));
  const row = () => `${JSON.stringify({ parameters: subscription() })}\n`;
  const running = open.map((body) => imported(api, 'ndjson', body));
  for (const body of open) body.push(row());
  while ((await api.call(LIST)).json().total < 4) await setTimeout(5);
  problemIn(await sent(api, 'ndjson', row()), 503, 'too_many_imports');
  assert.deepEqual((await imported(api, 'ndjson', row(), { by: 'bert' })).counts, [1, 1, 0, 0]);
  for (const body of open) body.push(null);
  for (const one of running) assert.deepEqual((await one).counts, [1, 1, 0, 0]);
  assert.deepEqual((await imported(api, 'ndjson', row())).counts, [1, 1, 0, 0]);
});

test('a store that fails ends the import, and the log has the reason', async () => {
  await using api = await restTest();
  const { save } = api.store;
  let saves = 0;
  Object.assign(api.store, {
    save: (changes: Parameters<typeof save>[0]) => {
      if (++saves > 1) throw new Error('the disk is full');
      return save(changes);
    },
  });
  const text = lines(...Array.from({ length: 200 }, () => ({ parameters: subscription() })));
  const { counts, complete, message } = await imported(api, 'ndjson', text);
  assert.deepEqual([counts, complete], [[64, 64, 0, 0], false]);
  assert.match(message, /its log has the reason/);
  assert.match(api.bugs.join(), /the disk is full/);
});

test('rows that are saved together are one save; if another caller was faster at one of them, the others are created', async () => {
  await using api = await restTest();
  const { save } = api.store;
  const saves: number[] = [];
  Object.assign(api.store, {
    save: async (changes: Parameters<typeof save>[0]) => {
      saves.push(changes.length);
      if (saves.length === 2) assert.equal(await save(changes.slice(2, 4)), 'saved'); // the second row of three
      return save(changes);
    },
  });
  const rows = () => Array.from({ length: 3 }, () => ({ parameters: subscription() }));
  assert.deepEqual((await imported(api, 'ndjson', lines(...rows()))).counts, [3, 3, 0, 0]);
  assert.deepEqual(saves, [6]);
  assert.deepEqual((await imported(api, 'ndjson', lines(...rows()))).counts, [3, 2, 1, 0]);
  const { events } = (await api.call('/api/v1/esim/events')).json();
  assert.deepEqual(
    events.map(({ type }: { type: string }) => type),
    Array(6).fill('profile.created'),
  );
});

test('an import ends when ten thousand rows have failed, and all of them are reported', async () => {
  await using api = await restTest();
  const { counts, complete, message, failures } = await imported(api, 'ndjson', '{}\n'.repeat(20_000));
  assert.ok(counts[3] === counts[0] && (counts[3] as number) >= 10_000 && (counts[3] as number) < 10_064);
  assert.deepEqual([complete, failures.length], [false, counts[3]]);
  assert.match(message, /rows failed: correct the file, and send it again/);
});

test('blank lines have an end too', async () => {
  await using api = await restTest();
  problemIn(await sent(api, 'ndjson', '\n'.repeat(2_000_001)), 400, 'invalid_import');
  const text = `${lines({ parameters: subscription() })}${'\n'.repeat(2_000_001)}`;
  const { counts, complete, message } = await imported(api, 'ndjson', text);
  assert.deepEqual([counts, complete], [[1, 1, 0, 0], false]);
  assert.match(message, /more than 2000000 lines/);
});

test('a line of a thousand fields and more is not counted to its end', async () => {
  await using api = await restTest();
  const { failures } = await imported(api, 'csv', `iccid,imsi,ki,opc\n${','.repeat(100_000)}\n`);
  assert.deepEqual(failures, ['2: has more than 1000 fields, but there are 4 column names']);
  problemIn(await sent(api, 'csv', `${'x'.repeat(70_000)}\n`), 400, 'invalid_import');
});

test('an import stops soon after its key is revoked: what came before stays, and the summary says why', async () => {
  await using api = await restTest();
  const [key] = (await api.store.apiKeys('anna')).filter(({ permissions }) => permissions.includes('admin'));
  assert.ok(key);
  const before = subscription();
  let answered = false;
  const rows = async function* () {
    yield `${JSON.stringify({ parameters: before })}\n`;
    await setTimeout(500);
    await api.store.expireApiKey('anna', key.id, Math.floor(Date.now() / 1000));
    for (let i = 0; i < 100 && !answered; i++) {
      yield `${JSON.stringify({ parameters: subscription() })}\n`;
      await setTimeout(100);
    }
  };
  const started = performance.now();
  const result = await imported(api, 'ndjson', Readable.from(rows())).finally(() => {
    answered = true;
  });
  assert.ok(performance.now() - started < 5000);
  assert.equal(result.complete, false);
  assert.equal(result.message, 'the API key or the session of this import is not valid any more');
  assert.equal((await api.store.profile(parseIccid(before.iccid)))?.state, 'AVAILABLE');
  const [, created = 0] = result.counts;
  await setTimeout(300);
  const { total } = await api.store.listProfiles({ account: 'anna', count: 1, offset: 0 });
  assert.equal(total, created, 'no profile is created after the summary');
});

test('failed rows come back as a file, which can be corrected and sent again', async () => {
  await using api = await restTest();
  const [good, bad, short] = [subscription(), subscription(), subscription()];
  const row = ({ iccid, imsi, ki, opc }: typeof good, name: string) => [iccid, imsi, ki, opc, name].join(';');
  const text = [
    'ICCID;IMSI;Ki;OPc;Profile name',
    row(good, 'Travel'),
    row({ ...bad, imsi: bad.imsi.slice(2) }, '=1+1'),
    `${short.iccid};${short.imsi}`,
  ].join('\r\n');
  const answer = await sent(api, 'csv', text, { query: '?failed_rows=csv' });
  assert.match(String(answer.headers['content-type']), /^text\/csv/);
  const [names, first, second, end] = answer.body.split('\r\n');
  assert.equal(names, '\ufeffimport_error,ICCID,IMSI,Ki,OPc,Profile name');
  const cells = `"=""${bad.iccid}""","=""${bad.imsi.slice(2)}""",${bad.ki},${bad.opc},'=1+1`;
  assert.match(String(first), /^"imsi begins with 1/);
  assert.ok(String(first).endsWith(`,${cells}`));
  assert.match(second ?? '', /^"has 2 fields, but there are 5 column names",/);
  assert.equal(end, '');
  assert.deepEqual((await imported(api, 'csv', answer.body)).counts, [2, 0, 0, 2]);
  const corrected = answer.body.replace(`"=""${bad.imsi.slice(2)}"""`, bad.imsi);
  assert.deepEqual((await imported(api, 'csv', corrected)).counts, [2, 1, 0, 1]);
  assert.equal((await shown(api, bad.iccid)).profile_name, '=1+1');
});

test('reports have the failed rows as they came, if that is asked for', async () => {
  await using api = await restTest();
  const { iccid, imsi, opc } = subscription();
  const text = `iccid,imsi,ki,opc\n${iccid},${imsi},f00d,${opc}`;
  const reportIn = async (query: string) =>
    JSON.parse((await sent(api, 'csv', text, { query })).body.split('\n')[0] ?? '');
  const { columns, fields } = await reportIn('?failed_rows=reports');
  assert.deepEqual(columns, ['iccid', 'imsi', 'ki', 'opc']);
  assert.deepEqual(fields, [iccid, imsi, 'f00d', opc]);
  assert.doesNotMatch(JSON.stringify(await reportIn('')), /f00d/);
});
