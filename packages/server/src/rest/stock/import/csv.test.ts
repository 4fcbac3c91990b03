import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readFile } from './file.ts';
import { ImportError, type Row } from './row.ts';
import { zipOf } from './zip.harness.ts';

const KI = '00112233445566778899AABBCCDDEEFF';
const OPC = '0F0E0D0C0B0A09080706050403020100';
const ICCID = '8988100000000003033';
const IMSI = '001010000003033';
const names = ['iccid', 'imsi', 'ki', 'opc'];
const cells = [ICCID, IMSI, KI, OPC];
const parameters = { iccid: ICCID, imsi: IMSI, ki: KI, opc: OPC };

/** The rows of a file that arrives in pieces of `size` octets. */
async function rowsOf(
  file: string | Uint8Array,
  size = 1e6,
  ignored: readonly string[] = [],
): Promise<Row[]> {
  const octets = Buffer.from(file as Uint8Array);
  const pieces = (async function* () {
    for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
  })();
  const rows: Row[] = [];
  for await (const some of readFile(undefined, ignored)(pieces)) rows.push(...some);
  return rows;
}

const bodies = (rows: readonly Row[]) =>
  rows.map((row) => ('body' in row ? row.body : assert.fail(JSON.stringify(row))));
const faultsOf = (rows: readonly Row[]) => rows.map((row) => ('fault' in row ? row.fault : 'none'));
const tableOf = (delimiter: string, end: string, ...rows: (readonly string[])[]) =>
  rows.map((row) => row.join(delimiter) + end).join('');
const swap16 = (octets: Buffer) => Buffer.from(octets).swap16();

type Encode = (text: string) => Uint8Array;
const encodings: Readonly<Record<string, Encode>> = {
  'utf-8': (text) => Buffer.from(text),
  'utf-8 with a byte order mark': (text) => Buffer.from(`\ufeff${text}`),
  'utf-16le': (text) => Buffer.from(text, 'utf16le'),
  'utf-16le with a byte order mark': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'utf-16be': (text) => swap16(Buffer.from(text, 'utf16le')),
  'utf-16be with a byte order mark': (text) => swap16(Buffer.from(`\ufeff${text}`, 'utf16le')),
  'windows-1252': (text) => Buffer.from(text.replaceAll('€', '\x80'), 'latin1'),
  gzip: (text) => gzipSync(text),
};

/** Whether a text in Windows-1252 is UTF-8 as well, with other letters. */
function isAlsoUtf8(text: string): boolean {
  const octets = (encodings['windows-1252'] as Encode)(text);
  return isUtf8(octets) && octets.some((octet) => octet > 0x7f);
}

test('a table that is written in any dialect reads back equal', async () => {
  const name = fc.stringMatching(/^[A-Za-zäöüß€][A-Za-z0-9 äöüß€"';,|]{0,20}[a-zé€]$/);
  const dialect = fc.record({
    encoding: fc.constantFrom(...Object.keys(encodings)),
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    end: fc.constantFrom('\n', '\r\n', '\r'),
    declares: fc.boolean(),
    quote: fc.constantFrom(
      (cell: string) => `"${cell.replaceAll('"', '""')}"`,
      (cell: string) => (/[",;\t|]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell),
      (cell: string) => (/["]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : `="${cell}"`),
      (cell: string) => `"=""${cell.replaceAll('"', '""""')}"""`,
    ),
    trailing: fc.nat(3),
    blanks: fc.constantFrom('', ',', '""'),
    size: fc.integer({ min: 1, max: 200 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 5 }), dialect, async (given, how) => {
      const { encoding, delimiter, end, declares, quote, trailing, size } = how;
      const line = (row: readonly string[]) =>
        row.map(quote).join(delimiter) + delimiter.repeat(trailing) + end;
      const blank = delimiter.repeat(4) + end;
      const text = [
        declares ? `sep=${delimiter}${end}` : '',
        line([...names, 'profile_name']),
        ...given.map((one) => line([...cells, one]) + blank),
      ].join('');
      const encoded = (encodings[encoding] as Encode)(text);
      // Letters of old Macs are not read, and some pairs of letters in Windows-1252 are UTF-8 as well
      const isAmbiguous = encoding === 'windows-1252' && (end === '\r' || given.some(isAlsoUtf8));
      const rows = await rowsOf(isAmbiguous ? Buffer.from(text) : encoded, size);
      assert.deepEqual(
        bodies(rows),
        given.map((profile_name) => ({ parameters, profile_name })),
      );
    }),
    { numRuns: 300 },
  );
});

test('a file of an old Mac, whose lines end in CR alone, is read (case F04)', async () => {
  const text = tableOf(',', '\r', names, cells).trimEnd();
  assert.deepEqual(bodies(await rowsOf(text)), [{ parameters }]);
  const letters = Buffer.concat([
    Buffer.from(`${names},spn\r${cells},Z`),
    Buffer.from([0x9f]),
    Buffer.from('rich\r'),
  ]);
  assert.match(String(faultsOf(await rowsOf(letters))), /save the file as CSV UTF-8/);
});

test('delimiters at the end of lines, doubled ones and rows of nothing else do not matter (case F16)', async () => {
  assert.deepEqual(bodies(await rowsOf(tableOf(';', ';\n', names, cells))), [{ parameters }]);
  assert.deepEqual(bodies(await rowsOf(tableOf(';;', ';;\r\n', names, cells, ['', '', '']))), [
    { parameters },
  ]);
  assert.deepEqual(
    bodies(await rowsOf(`,,,\n${tableOf(',', '\n', names, ['', '', '', ''], cells)} , ,,\n`)),
    [{ parameters }],
  );
  assert.deepEqual(bodies(await rowsOf(`${names},,\n${cells}\n`)), [{ parameters }]);
  assert.deepEqual(bodies(await rowsOf(`${names}\n${cells},,\n`)), [{ parameters }]);
});

test('a value in a column without a name is refused, and not quoted', async () => {
  assert.deepEqual(faultsOf(await rowsOf(`${names},\n${cells},${KI}\n`)), [
    'has something in column 5, which has no name: name it, or correct a delimiter too many',
  ]);
});

test('numbers that a spreadsheet has damaged are refused with the reason (case F17)', async () => {
  const tries: readonly (readonly [column: string, text: string, reason: RegExp])[] = [
    ['imsi', '1010000003033', /imsi begins with 1, as no country code does.*001/],
    ['iccid', '8.9881E+18', /iccid is a number such as 8\.91E\+18, whose last digits are lost/],
    ['iccid', '"8,9881E+18"', /whose last digits are lost/],
    ['iccid', '8E18', /whose last digits are lost/],
    ['imsi', '1.01E+12', /whose last digits are lost/],
    ['ki', '"1,12233E+31"', /ki is a number such as .* lost/],
    ['iccid', '"8,988,100,000,000,003,033"', /separators of thousands/],
    ['iccid', '8.988.100.000.000.003.033', /separators of thousands/],
    ['iccid', '8\u202f988\u202f100\u202f000\u202f000\u202f003\u202f033', /separators of thousands/],
    ['iccid', "\"8'988'100'000'000'003'033\"", /separators of thousands/],
    ['imsi', '"234010000003033,00"', /decimals/],
    ['iccid', '#######', /error of the spreadsheet/],
    ['iccid', '98881000000000303 3', /must be 19 or 20 digits|spaces/],
    [
      'iccid',
      '988801000000003003F3',
      /swapped in pairs, as they are on the card: the ICCID is 8988100000000003303/,
    ],
    ['iccid', '9888010000000030303', /does not begin with 89/],
    ['iccid', '8988100000000010000', /rounded it to 15 digits/],
    ['iccid', '89881000000000300000', /rounded it to 15 digits/],
    ['iccid', '1234567890123456789', /does not begin with 89/],
    ['ki', KI.slice(2), /ki must be 32 or 64 hexadecimal digits, and has 30 characters/],
    ['opc', '112233445566778899001122334455', /opc must be 32 .*removed zeros/],
  ];
  for (const [column, text, reason] of tries) {
    const row = names.map((name, i) => (name === column ? text : cells[i]));
    const [fault = ''] = faultsOf(await rowsOf(`${names}\n${row}\n`));
    assert.match(fault, reason, text);
    assert.doesNotMatch(fault, /[\^\\$]|\[0-9|pattern/, 'no regular expression');
  }
});

test('two ICCIDs that end in zeros were rounded, whatever their check digits', async () => {
  const row = (iccid: string) => [iccid, IMSI, KI, OPC];
  const text = tableOf(',', '\n', names, row('8988100000000020000'), row('8988100000000020000'));
  const faults = faultsOf(await rowsOf(text));
  assert.match(String(faults[1]), /rounded/);
});

test('a wrong check digit is a warning with the right one, and an F at the end is no digit', async () => {
  const [row] = await rowsOf(`${names}\n${[`${ICCID}F`, IMSI, KI, OPC]}\n`);
  assert.ok(row && 'body' in row);
  assert.deepEqual(row.body, { parameters });
  assert.match(
    String(row.warning),
    /the check digit of 8988100000000003033 is wrong: it should be 898810000000000303\d/,
  );
});

test('columns of OTA keys are called KIC, KID and KIK', async () => {
  const [kic, kid, kik] = [KI, OPC, KI.toLowerCase()];
  const [body] = bodies(await rowsOf(`${names},KIC,Kid,K I K\n${cells},${kic},${kid},${kik}\n`));
  assert.deepEqual(body, { parameters: { ...parameters, kic1: kic, kid1: kid, kik1: kik } });
});

test('whatever the file looks like, no error quotes a secret', async () => {
  const secrets = [KI, OPC, '48273645', 'Xk4tz9pq', '3141'];
  const [ki, opc, puk, adm, pin] = secrets as [string, string, string, string, string];
  const header = 'iccid,imsi,ki,opc,puk1,adm1,pin1,profile_name,profile_type,algorithm,mnc_length,msisdn';
  const row = [ICCID, IMSI, ki, opc, puk, adm, pin, 'Travel', 'basic', 'milenage', '2', '49151'];
  const shifted = (by: number) => [...row.slice(by), ...row.slice(0, by)];
  const files = [
    `${row}\n${row}`,
    `${header}\v${row}\n`,
    `${header}\u2028${row}\n`,
    `${header}${row}\n`,
    `${ki},${header}\n`,
    `iccid,${ki},${adm},${pin},${puk}\n`,
    `iccid,${adm}\n`,
    `${row.join(';')}\n`,
    `"${header}\n${row}\n`,
    `${header}\n"${row}\n`,
    `${header}\n${row},${ki}\n`,
    ...row.map((_, by) => `${header}\n${shifted(by)}\n`),
    ...row.map((_, by) => `${shifted(by)}\n${header}\n`),
  ];
  for (const file of files) {
    const result = await rowsOf(file).then(
      (rows) => rows.flatMap((one) => ('fault' in one ? one.fault : [])).join(),
      (error: unknown) => (error instanceof ImportError ? error.message : assert.fail(String(error))),
    );
    for (const secret of secrets) assert.ok(!result.includes(secret), `${secret} in: ${result}`);
  }
});

test('a workbook is named, and a damaged gzip file too', async () => {
  const workbook = zipOf([{ name: '[Content_Types].xml', content: Buffer.from('<x/>') }]);
  await assert.rejects(rowsOf(workbook), /is a workbook .* save it in the spreadsheet program as CSV UTF-8/);
  await assert.rejects(rowsOf(Buffer.from('d0cf11e0a1b11ae1', 'hex')), /is a workbook/);
  await assert.rejects(rowsOf(gzipSync(`${names}\n${cells}\n`).subarray(0, 40)), /cut off, or damaged/);
});

test('NDJSON is read in UTF-16 and from gzip too', async () => {
  const text = `${JSON.stringify({ parameters })}\n`;
  for (const encode of Object.values(encodings))
    assert.deepEqual(bodies(await rowsOf(encode(text))), [{ parameters }]);
});

test('Windows-1252 is read as of the first line that has it, and not after UTF-8', async () => {
  const row = (spn: string, encoding: BufferEncoding) => Buffer.from(`${cells},${spn}\n`, encoding);
  const head = Buffer.from(`${names},spn\n`);
  const old = Buffer.concat([head, row('Plain', 'latin1'), row('Zürich', 'latin1')]);
  assert.equal(
    (bodies(await rowsOf(old))[1] as { service_provider_name: string }).service_provider_name,
    'Zürich',
  );
  const mixed = Buffer.concat([head, row('Zürich', 'utf8'), row('Zürich', 'latin1')]);
  assert.match(String(faultsOf(await rowsOf(mixed))[1]), /neither UTF-8/);
});
