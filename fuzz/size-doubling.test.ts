/** Inputs that grow: the time that a parser takes must grow with them, and not with the square of their size. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { concat, fromHex, tlv } from '@esim-rsp/codec';
import { readAsn1Request } from '@esim-rsp/sgp22/functions/asn1-binding';
import { readMessage } from '@esim-rsp/sgp22/functions/binding';
import { es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import { readProfilePackage } from '@esim-rsp/sgp22/profile/read';
import { parseActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { parseBoundedJson } from '#server/limits/bounded-json';
import { clientAddressOf } from '#server/limits/client-address';
import { parseNetworks } from '#server/limits/networks';
import { placeIn } from '#server/rest/profiles/list-cursor';
import { readCsv } from '#server/rest/stock/import/csv';
import { readNdjson } from '#server/rest/stock/import/ndjson';
import type { ReadRows } from '#server/rest/stock/import/row';
import { readZip } from '#server/rest/stock/import/zip';
import { type ZipEntry, zipOf } from '#server/rest/stock/import/zip.harness';
import { LIST, restTest, stocked } from '#server/rest/testing/rest.harness';
import { readProgress } from '#server/rsp/es2/progress-message';

/** Builds an input of a size; the function it returns reads it. What it throws does not matter here. */
type Case = (size: number) => () => unknown;

/** The first size; doubled until it takes some time, or to the limit. */
const BASE = 4000;
const LARGEST_BASE = 128_000;
const TIMES = 8;
/** Linear time grows 8 times, and quadratic time 64 times. */
const MOST = 14;
/** In a shorter time, what copies its input again and again is hidden by what each piece costs anyway. */
const LEAST_MS = 10;

const bytes = (size: number, pattern: readonly number[]) =>
  Uint8Array.from({ length: size }, (_, i) => pattern[i % pattern.length] as number);

async function readRows(read: ReadRows, content: Uint8Array, piece = 65_536): Promise<void> {
  async function* pieces() {
    for (let at = 0; at < content.length; at += piece) yield content.subarray(at, at + piece);
  }
  for await (const _ of read(pieces()));
}

const csv =
  (line: (size: number) => string, piece?: number): Case =>
  (size) => {
    const content = Buffer.from(`iccid,imsi,ki,opc\n${line(size)}`);
    return () => readRows(readCsv([]), content, piece);
  };
const ndjson =
  (text: (size: number) => string, piece?: number): Case =>
  (size) => {
    const content = Buffer.from(text(size));
    return () => readRows(readNdjson, content, piece);
  };
const zip =
  (entries: (size: number) => readonly ZipEntry[], piece?: number): Case =>
  (size) => {
    const content = zipOf(entries(size));
    return () => readRows(readZip, content, piece);
  };
const withText =
  (read: (text: string) => unknown, build: (size: number) => string): Case =>
  (size) => {
    const text = build(size);
    return () => read(text);
  };
const withBytes =
  (build: (size: number) => Uint8Array): Case =>
  (size) => {
    const content = build(size);
    return () => {
      for (const read of [readProfilePackage, readAsn1Request])
        try {
          read(content);
        } catch {}
    };
  };

/** Constructed values in one another: each has the rest inside. */
function nested(size: number): Uint8Array {
  let inner: Uint8Array = new Uint8Array();
  while (inner.length < Math.min(size, 20_000)) inner = tlv(0xa0, inner);
  return inner;
}

const api = await restTest();
after(() => api[Symbol.asyncDispose]());
const iccid = await stocked(api);
assert.equal((await api.post(`${LIST}/${iccid}/order`, {})).statusCode, 200); // without an order there is no QR code
/** How often the REST API has answered: what is thrown does not matter, but a request that is not answered says nothing. */
let answers = 0;
/** A refusal comes before the header is read. */
let refusedQrCodes = 0;
const header = (name: string, text: (size: number) => string): Case =>
  withText(async (value) => {
    const { statusCode } = await api.call(`${LIST}/${iccid}/qrcode`, { headers: { [name]: value } });
    if (statusCode !== 200) refusedQrCodes += 1;
    answers += 1;
  }, text);
const query = (name: string, text: (size: number) => string): Case =>
  withText(async (value) => {
    await api.call(`${LIST}?${name}=${value}`);
    answers += 1;
  }, text);

/** Six times as deep as a URL can be long: a deeper one cannot arrive. */
const DEEPEST_CURSOR = 100_000;

const empty = Buffer.alloc(0);
const report = {
  iccid: '8988201000000000011',
  timestamp: '2026-03-01T10:00:00Z',
  notificationPointId: 4,
  notificationPointStatus: { status: 'Executed-Success' },
};
const cases: Readonly<Record<string, Case>> = {
  'DER with many values': withBytes((size) => tlv(0xa0, bytes(size * 2, [0x30, 0]))),
  'DER with many elements': withBytes((size) => bytes(size * 2, [0xa1, 0])),
  'DER with deep values': withBytes((size) => nested(size)),
  'DER in a message of the JSON binding': (size) => {
    const body = {
      euiccInfo1: Buffer.from(bytes(size, [0x30, 0])).toString('base64'),
      smdpAddress: 'a',
      euiccChallenge: 'AA==',
    };
    return () => readMessage(es9plus.initiateAuthentication.request, body);
  },
  'a profile package with a long ICCID': withBytes((size) => {
    const members = [fromHex('800102'), fromHex('810103'), tlv(0x83, bytes(size, [0xff, 0xff, 0xff, 0xf0]))];
    return concat(tlv(0xa0, ...members), fromHex('aa00'));
  }),
  'a report of an upstream with white space': withText(
    (resultData) => readProgress({ ...report, resultData }),
    (size) => `${' '.repeat(size)}!`,
  ),
  'JSON with deep values': withText(parseBoundedJson, (size) => '['.repeat(size)),
  'JSON with backslashes': withText(parseBoundedJson, (size) => `"${'\\\\'.repeat(size)}`),
  'JSON with backslashes before quotes': withText(parseBoundedJson, (size) => `"${'\\"'.repeat(size)}`),
  'CSV with blank lines': csv((size) => '\n'.repeat(size)),
  'CSV with many fields': csv((size) => ','.repeat(size)),
  'CSV with quotes': csv((size) => `${'"",'.repeat(size)}\n`),
  'CSV with doubled quotes': csv((size) => `"${'""'.repeat(size)}"\n`),
  'CSV with lines in an open quote': csv((size) => `"${'\n'.repeat(size)}`),
  'CSV with lines in a quote that opens again and again': csv((size) => '"\n'.repeat(size)),
  'CSV in small pieces': csv((size) => 'x'.repeat(size), 7),
  'CSV with long names': (size) => {
    const content = Buffer.from('iccid,'.repeat(size));
    return () => readRows(readCsv([]), content);
  },
  'NDJSON with blank lines': ndjson((size) => ' \n'.repeat(size)),
  'NDJSON with bad lines': ndjson((size) => '{\n'.repeat(size)),
  'NDJSON with a line in small pieces': ndjson((size) => `"${'x'.repeat(size)}"`, 7),
  'a zip with many entries': zip((size) =>
    Array.from({ length: size / 40 }, (_, i) => ({ name: `${i}`, content: empty })),
  ),
  'a zip with many hidden entries': zip((size) =>
    Array.from({ length: size / 40 }, (_, i) => ({ name: `.${i}`, content: empty })),
  ),
  'a zip in small pieces': zip((size) => [{ name: 'a', content: bytes(size, [1, 2, 3]), as: 'stored' }], 7),
  'a zip from a pipe in small pieces': zip(
    (size) => [{ name: 'a', content: bytes(size * 8, [1]), as: 'deflated to a pipe' }],
    7,
  ),
  'a zip with a long name': zip((size) => [{ name: '/'.repeat(Math.min(size, 60_000)), content: empty }]),
  'an activation code with many parts': withText(parseActivationCode, (size) => `LPA:1$${'$'.repeat(size)}`),
  'an activation code with many labels': withText(
    parseActivationCode,
    (size) => `LPA:1$${'a-'.repeat(size)}$`,
  ),
  'an activation code with many spaces': withText(
    parseActivationCode,
    (size) => `${' '.repeat(size)}x${' '.repeat(size)}x`,
  ),
  'networks of proxies': withText(parseNetworks, (size) => '10.0.0.0/8,'.repeat(size)),
  'Accept with many spaces': header('accept', (size) => `image/svg+xml${' '.repeat(size)}x`),
  'Accept with many types': header('accept', (size) => 'image/svg+xml;q=1,'.repeat(size)),
  'X-Forwarded-For with many hops': withText(
    (value) =>
      clientAddressOf(
        { socket: { remoteAddress: '10.0.0.1' }, headers: { 'x-forwarded-for': value } } as never,
        parseNetworks('10.0.0.0/8'),
      ),
    (size) => '10.0.0.1, '.repeat(size),
  ),
  'x-request-id that is long': header('x-request-id', (size) => `${'a'.repeat(size)} `),
  'a cursor that is long': query('cursor', (size) => 'A'.repeat(size)),
  'a cursor that is deep': withText(
    (cursor) => placeIn(cursor, { order: 'iccid', descending: false }),
    (size) => Buffer.from('['.repeat(Math.min(size, DEEPEST_CURSOR))).toString('base64url'),
  ),
  'many states': query('state', (size) => 'AVAILABLE,'.repeat(size)),
  'types that are long': query('changed_since', (size) => '2'.repeat(size)),
};

/** The processor's clock has steps of a few milliseconds, so short runs are repeated until they add up to this. */
const MEASURED_MS = 16;
const MOST_RUNS = 200;
/** Collecting the garbage of earlier cases makes one measurement longer, and seldom all. */
const MEASUREMENTS = 3;

/** Milliseconds of this thread's processor time for one run: time that the machine gives to other programs does not count. */
async function timeOf(run: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < MEASUREMENTS; i++) least = Math.min(least, await averageOf(run));
  return least;
}

async function averageOf(run: () => unknown): Promise<number> {
  const before = process.threadCpuUsage();
  for (let runs = 1; ; runs++) {
    try {
      await run();
    } catch {}
    const { user, system } = process.threadCpuUsage(before);
    const sum = (user + system) / 1000;
    if (sum >= MEASURED_MS || runs === MOST_RUNS) return sum / runs;
  }
}

async function isLinear(build: Case): Promise<boolean> {
  let size = BASE;
  let small = await timeOf(build(size));
  while (small < LEAST_MS && size < LARGEST_BASE) {
    size *= 2;
    small = await timeOf(build(size));
  }
  const large = await timeOf(build(size * TIMES));
  return large <= Math.max(small, LEAST_MS) * MOST;
}

for (const [name, build] of Object.entries(cases))
  test(`${name}: eight times the input takes about eight times as long`, async () => {
    for (let i = 0; i < 3; i++) if (await isLinear(build)) return;
    assert.fail('the time grows faster than the input');
  });

test('the REST API has answered, with QR codes where they were asked for', () => {
  assert.equal(refusedQrCodes, 0);
  const leastForEach = 2; // a run of each of two sizes
  assert.ok(answers >= 6 * leastForEach, `${answers}`);
});

test('quadratic time would be noticed', async () => {
  const quadratic: Case = (size) => () => {
    let sum = 0;
    for (let i = 0; i < size; i++) for (let k = 0; k < i; k++) sum += k;
    return sum;
  };
  assert.equal(await isLinear(quadratic), false);
});
