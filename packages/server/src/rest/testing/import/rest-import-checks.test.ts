import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNumberRange } from '@esim-rsp/smdp/state/number-range';
import { zipOf } from '../../stock/import/zip.harness.ts';
import {
  changed,
  LIST,
  ordered,
  problemIn,
  type RestTest,
  restTest,
  START,
  stocked,
  subscription,
} from '../rest.harness.ts';
import { imported, lines, packageOf, sent, shown } from './rest-import.harness.ts';

/** What an import must not touch in a dry run. */
async function traces({ call, store }: RestTest) {
  const [profiles, events, audit] = await Promise.all([
    call(LIST),
    call('/api/v1/esim/events?count=1000'),
    call('/api/v1/esim/audit?count=1000'),
  ]);
  const types = await store.profileTypes({ account: 'anna', most: 99 });
  return [profiles.json(), events.json(), audit.json(), types];
}

test('a dry run reports what an import then does, and writes nothing', async () => {
  await using api = await restTest();
  const [a, b, c, d] = [subscription(), subscription(), subscription(), subscription()];
  const there = subscription();
  await api.post(LIST, { parameters: there, profile_name: 'Home' });
  const range = parseNumberRange(d.iccid);
  await api.store.addNumberReservation({ account: 'bert', createdAt: START, ...range });
  const row = ({ iccid, imsi, ki, opc }: typeof a, name = '') => [iccid, imsi, ki, opc, name].join(',');
  const foreign = await stocked(api, 'bert');
  const text = lines(
    'iccid,imsi,ki,opc,profile_name',
    row(a, 'Travel'),
    row(a, 'Travel'), // the same row again
    row(a, 'Other'), // the same ICCID with other labels
    row({ ...b, imsi: a.imsi }), // the same IMSI
    row(b),
    row({ ...c, ki: 'f00d' }),
    row(c), // the row before it failed, so its numbers are free
    row(there, 'Home'),
    row(there, 'Moved'),
    row(d), // reserved for another account
    row({ ...subscription(), iccid: foreign }),
    row({ ...subscription(), imsi: there.imsi }),
  );
  const before = await traces(api);
  const query = '?profile_type=basic';
  const tried = await imported(api, 'csv', text, { query: `${query}&dry_run=true` });
  assert.deepEqual(await traces(api), before);
  assert.deepEqual([tried.dry_run, tried.complete], [true, true]);
  assert.deepEqual(tried.counts, [12, 3, 1, 8]);
  const real = await imported(api, 'csv', text, { query });
  assert.equal(real.dry_run, undefined);
  assert.deepEqual(real.counts, tried.counts);
  const placesOf = ({ reports }: typeof real) =>
    (reports as { type: string; line?: number; code?: string }[])
      .filter(({ type }) => type === 'error')
      .map(({ line, code }) => `${line} ${code}`);
  assert.deepEqual(placesOf(tried), placesOf(real));
  assert.deepEqual(tried.failures.slice(0, 2), [
    '4: line 2 has this ICCID too, with other values',
    '5: line 2 has this IMSI too',
  ]);
});

test('a dry run sees duplicates across batches, and in all formats', async () => {
  await using api = await restTest();
  const rows = Array.from({ length: 300 }, () => ({ parameters: subscription() }));
  const [first, second] = rows as [(typeof rows)[0], (typeof rows)[0]];
  const sameImsi = { parameters: { ...subscription(), imsi: first.parameters.imsi } };
  const other = { parameters: { ...second.parameters, ki: 'f'.repeat(32) } };
  const query = '?dry_run=true';
  const text = lines(...rows, first, sameImsi, other);
  const result = await imported(api, 'ndjson', text, { query });
  assert.deepEqual(result.counts, [303, 300, 1, 2]);
  assert.deepEqual(result.failures, [
    '302: line 1 has this IMSI too',
    '303: line 2 has this ICCID too, with other values',
  ]);
  const pack = packageOf();
  const zip = zipOf([1, 2].map((i) => ({ name: `${i}.der`, content: pack.content })));
  assert.deepEqual((await imported(api, 'zip', zip, { query })).counts, [2, 1, 1, 0]);
  const all = await imported(api, 'ndjson', text, { query: `${query}&allow_duplicate_imsi=true` });
  assert.deepEqual(all.counts, [303, 301, 1, 1]);
  assert.equal((await api.call(LIST)).json().total, 0);
});

test('a dry run gives failed rows back, and a file that cannot be read is refused', async () => {
  await using api = await restTest();
  const { iccid, imsi, opc } = subscription();
  const text = `iccid,imsi,ki,opc\n${iccid},${imsi},f00d,${opc}`;
  const answer = await sent(api, 'csv', text, { query: '?dry_run=true&failed_rows=csv' });
  assert.match(answer.body, /ki must be 32 or 64 hexadecimal digits.*f00d/);
  problemIn(await sent(api, 'csv', 'x,y\n', { query: '?dry_run=true' }), 400, 'invalid_import');
});

test('a row with the IMSI of another profile is refused with a sentence, in the file and against stock', async () => {
  await using api = await restTest();
  const [there, a, b] = [subscription(), subscription(), subscription()];
  await api.post(LIST, { parameters: there });
  const text = lines(
    { parameters: { ...a, imsi: there.imsi } },
    { parameters: b },
    { parameters: { ...subscription(), imsi: b.imsi } },
    { parameters: there },
  );
  const result = await imported(api, 'ndjson', text);
  assert.deepEqual(result.counts, [4, 1, 1, 2]);
  assert.deepEqual(result.failures, [
    `1: another profile has this IMSI: ${there.iccid}`,
    `3: another profile has this IMSI: ${b.iccid}`,
  ]);
  assert.equal(result.reports[0].code, 'imsi_in_use');
  const allowed = await imported(api, 'ndjson', text, { query: '?allow_duplicate_imsi=true' });
  assert.deepEqual(allowed.counts, [4, 2, 2, 0]);
  assert.deepEqual((await imported(api, 'ndjson', text)).counts, [4, 0, 4, 0], 'the same file again');
});

test('of imports at the same time one creates the profile of an IMSI, and the others say which has it', async () => {
  await using api = await restTest();
  const imsis = Array.from({ length: 150 }, () => subscription().imsi);
  const file = () => lines(...imsis.map((imsi) => ({ parameters: { ...subscription(), imsi } })));
  const results = await Promise.all([1, 2, 3].map(() => imported(api, 'ndjson', file())));
  const sum = (at: number) => results.reduce((total, { counts }) => total + counts[at], 0);
  assert.deepEqual([sum(0), sum(1), sum(2), sum(3)], [450, 150, 0, 300]);
  const failed = results.flatMap(({ reports }) =>
    reports.filter(({ type }: { type: string }) => type === 'error'),
  );
  assert.equal(failed.length, 300);
  for (const { code, message } of failed) {
    assert.equal(code, 'imsi_in_use');
    assert.match(message, /^another profile has this IMSI: \d{19}$/);
  }
});

test('profiles out of use and those of another account do not hold an IMSI', async () => {
  await using api = await restTest();
  const sameAs = (imsi: string) => lines({ parameters: { ...subscription(), imsi } });
  const foreign = subscription();
  await api.post(LIST, { parameters: foreign }, { by: 'bert' });
  assert.deepEqual((await imported(api, 'ndjson', sameAs(foreign.imsi))).counts, [1, 1, 0, 0]);
  const { iccid } = await ordered(api);
  const { imsi } = await shown(api, iccid);
  const device = {
    eid: '89049032000000000000000000000001',
    lastSeqNumber: 1,
    lastNotificationAt: 1,
  } as never;
  const moved = (state: string) => changed(api, iccid, (profile) => ({ ...profile, state, device }) as never);
  for (const state of ['INSTALLED', 'ENABLED', 'DISABLED']) {
    await moved(state);
    assert.deepEqual((await imported(api, 'ndjson', sameAs(imsi))).counts, [1, 0, 0, 1], state);
  }
  await moved('DELETED');
  const next = { ...subscription(), imsi };
  assert.deepEqual((await imported(api, 'ndjson', lines({ parameters: next }))).counts, [1, 1, 0, 0]);
  assert.deepEqual((await imported(api, 'ndjson', sameAs(imsi))).counts, [1, 0, 0, 1]);
  await api.post(`${LIST}/${next.iccid}/retire`, {});
  assert.deepEqual((await imported(api, 'ndjson', sameAs(imsi))).counts, [1, 1, 0, 0]);
});

test('a single create may have the IMSI of another profile', async () => {
  await using api = await restTest();
  const { imsi } = subscription();
  for (const _ of [1, 2])
    assert.equal((await api.post(LIST, { parameters: { ...subscription(), imsi } })).statusCode, 201);
});

test('rows of NDJSON are refused in the words of a spreadsheet, without a pattern and without a value', async () => {
  await using api = await restTest();
  const good = subscription();
  const secret = 'deadbeefdeadbeef';
  const wrong = (more: object) => ({ parameters: { ...good, ...more } });
  const { ki: _ki, ...withoutKi } = good;
  const text = lines(
    wrong({ ki: secret }),
    wrong({ iccid: 8.988303e18 }),
    wrong({ iccid: '8.91E+18' }),
    wrong({ imsi: '1010000000001' }),
    wrong({ pin1: '1', puk1: secret }),
    wrong({ mnc_length: 4 }),
    { parameters: withoutKi },
    wrong({ adm1: null }),
    { ...wrong({}), profile_name: 'x'.repeat(65), profile_class: 'phone' },
    wrong({ kii: secret }),
    { parameters: good, profile_owner: { mcc_mnc: 'x' } },
  );
  const { failures, reports } = await imported(api, 'ndjson', text);
  assert.deepEqual(failures, [
    '1: ki must be 32 or 64 hexadecimal digits, and has 16 characters',
    '2: iccid must be a text in quotes: a number loses its zeros and its last digits',
    `3: iccid is a number such as 8.91E+18, whose last digits are lost: ${again}`,
    `4: imsi begins with 1, as no country code does (ITU-T E.212): a spreadsheet has removed the zeros of 001…; ${again}`,
    '5: pin1 must be 4 to 8 digits, and has 1 character: a spreadsheet may have removed zeros at its beginning; puk1 must be 8 digits, and has 16 characters',
    '6: mnc_length must be 2 or 3',
    '7: ki is missing',
    '8: adm1 must be a text in quotes: a number loses its zeros and its last digits',
    '9: profile_name must have at most 64 characters',
    '10: kii is not known; the nearest that is known is ki',
    '11: profile_owner/mcc_mnc must be 5 or 6 decimal digits',
  ]);
  assert.deepEqual(reports[0].errors, [
    { field: '/parameters/ki', message: 'must be 32 or 64 hexadecimal digits, and has 16 characters' },
  ]);
  const all = JSON.stringify(reports);
  assert.doesNotMatch(all, /deadbeef|\^|\[0-9|pattern/);
});

const again = 'format the column as text, and take the numbers from their source again';

test('what people and programs put into cells is refused with what to do about it', async () => {
  await using api = await restTest();
  const good = subscription();
  const spaced = good.ki.replaceAll(/(..)(?=.)/g, '$1 ');
  const cases: readonly (readonly [object, string])[] = [
    [
      { iccid: '8988 3030 0000 0000 001' },
      'iccid has spaces or other characters between its digits: remove them',
    ],
    [
      { iccid: '8988\u00a03030\u00a00000\u00a00000\u00a0001' },
      'iccid has spaces or other characters between its digits: remove them',
    ],
    [{ ki: spaced }, 'ki has spaces or other characters between its digits: remove them'],
    [
      { ki: spaced.replaceAll(' ', ':') },
      'ki has spaces or other characters between its digits: remove them',
    ],
    [{ ki: `0x${good.ki}` }, 'ki begins with 0x: remove it'],
    [{ opc: `“${good.opc}”` }, 'opc has quotes in it: remove them'],
    [{ imsi: `${good.imsi}'` }, 'imsi has quotes in it: remove them'],
    [{ imsi: '٠٠١٠١٠٠٠٠٠٠٠٠٠١' }, 'imsi has digits of another script: write them as 0 to 9'],
    [
      { iccid: '８９８８３０３００００００００００００' },
      'iccid has digits of another script: write them as 0 to 9',
    ],
    ...['NULL', 'nan', 'None', 'N/A', '-', '–'].map(
      (nothing) =>
        [{ pin1: nothing }, 'pin1 is a word for nothing, such as NULL or -: leave the cell empty'] as const,
    ),
    [{ imsi: `${good.imsi}0` }, 'imsi must be 6 to 15 digits, and has 16 characters'],
    [
      { imsi: '080910100000000010' },
      'imsi has its digits swapped in pairs, as they are on the card: the IMSI is 001010000000001',
    ],
    [
      { imsi: good.imsi.slice(1) },
      `imsi begins with 0, as no country code but 001 does (ITU-T E.212): a spreadsheet may have removed a zero; ${again}`,
    ],
    [{ algorithm: 'xor' }, 'algorithm must be one of milenage, tuak, test'],
    [
      { msisdn: '+49 (0)151 12345' },
      'msisdn has (0), which is dialled inside the country only: write the number as +49151…, without it',
    ],
    [{ spn: 'a\0b' }, 'service_provider_name has the character U+0000, which is not allowed'],
  ];
  const names = ['iccid', 'imsi', 'ki', 'opc', 'algorithm', 'pin1', 'msisdn', 'spn'];
  const lineOf = (row: object) => names.map((name) => (row as Record<string, string>)[name] ?? '').join('\t');
  const header = names.join('\t');
  const text = [header, ...cases.map(([more]) => lineOf({ ...good, ...more })), header, ''].join('\n');
  const { failures, counts } = await imported(api, 'csv', text);
  assert.deepEqual(counts, [cases.length, 0, 0, cases.length], 'the column names again are no row');
  assert.deepEqual(
    failures,
    cases.map(([, message], i) => `${i + 2}: ${message}`),
  );
});

test('phone numbers are read as people write them', async () => {
  await using api = await restTest();
  const written = {
    '+49 151 123-45': '+4915112345',
    '(0151) 12345': '015112345',
    '0049 151/12345': '004915112345',
  };
  for (const [text, stored] of Object.entries(written)) {
    const { iccid, imsi, ki, opc } = subscription();
    const file = `iccid;imsi;ki;opc;msisdn\n${iccid};${imsi};${ki};${opc};${text}\n`;
    assert.deepEqual((await imported(api, 'csv', file)).counts, [1, 1, 0, 0], text);
    assert.equal((await shown(api, iccid)).msisdn, stored);
  }
});

test('HTML, a list and an object over several lines are named', async () => {
  await using api = await restTest();
  problemIn(await sent(api, 'csv', '<html><table>'), 400, 'invalid_import');
  const whole = 'is a list or a part of an object: each line must be one whole JSON object';
  const list = await imported(api, 'ndjson', JSON.stringify([{ parameters: subscription() }]));
  assert.deepEqual(list.failures, [`1: ${whole}`]);
  const [first] = (await imported(api, 'ndjson', JSON.stringify({ parameters: subscription() }, null, 2)))
    .failures;
  assert.equal(first, `1: ${whole}`);
});
