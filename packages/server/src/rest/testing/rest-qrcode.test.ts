import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import { bindingOf } from '@esim-rsp/smdp/state/order';
import type { Downloaded, Released, Stocked } from '@esim-rsp/smdp/state/profile';
import { download, fail, report, reserve } from '@esim-rsp/smdp/state/transitions';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { changed, LIST, OID, ordered, problemIn, restTest, START, stocked } from './rest.harness.ts';

const api = await restTest();
after(() => api[Symbol.asyncDispose]());

const plain = await ordered(api);
const coded = await ordered(api, { confirmation_code: 'never-shown' });

function decoded(png: Buffer): string | undefined {
  const decode = jsqr as unknown as typeof jsqr.default; // its types call the CommonJS export a default one
  const { data, width, height } = PNG.sync.read(png);
  return decode(Uint8ClampedArray.from(data), width, height)?.data;
}

const qrcode = (iccid: string, query = '', headers: Record<string, string> = {}) =>
  api.call(`${LIST}/${iccid}/qrcode${query}`, { headers });

const seedAccepts = [
  'application/json',
  'application/json, text/plain, */*',
  '*/*',
  '',
  'image/png',
  'image/*',
  'text/html,application/xhtml+xml,image/avif,image/webp,image/svg+xml,*/*;q=0.8',
  'nonsense',
];
for (const accept of seedAccepts)
  test(`a client that sends Accept: ${accept || '(nothing)'} gets a PNG that nobody may keep`, async () => {
    const answer = await qrcode(plain.iccid, '', accept === '' ? {} : { accept });
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers['content-type'], 'image/png');
    assert.equal(answer.headers['cache-control'], 'no-store, private');
    assert.equal(Number(answer.headers['content-length']), answer.rawPayload.length);
    assert.equal(answer.rawPayload.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
    assert.equal(decoded(answer.rawPayload), plain.activation_code);
  });

test('a code that needs a confirmation code says so, and does not say which', async () => {
  assert.match(coded.activation_code, /^LPA:1\$rsp\.example\.com\$[0-9A-Z-]+\$\$1$/);
  const { rawPayload } = await qrcode(coded.iccid);
  assert.equal(decoded(rawPayload), coded.activation_code);
});

test('the OID is added on request only', async () => {
  assert.equal(decoded((await qrcode(plain.iccid, '?oid=1')).rawPayload), `${plain.activation_code}$${OID}`);
  const text = coded.activation_code.replace(/\$\$1$/, `$${OID}$1`);
  assert.equal(decoded((await qrcode(coded.iccid, '?oid=1')).rawPayload), text);
});

for (const [query, headers] of [
  ['', { accept: 'image/svg+xml' }],
  ['', { accept: 'Image/SVG+xml; q=0.9' }],
  ['?format=svg', {}],
  ['?format=svg', { accept: 'application/json' }],
] as const)
  test(`SVG is the answer to ${query} ${JSON.stringify(headers)}`, async () => {
    const answer = await qrcode(plain.iccid, query, headers);
    assert.equal(answer.headers['content-type'], 'image/svg+xml');
    assert.equal(answer.headers['cache-control'], 'no-store, private');
    assert.match(answer.body, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.ok(!answer.body.includes('LPA:'), 'the code is in the modules only');
  });

test('format=png beats Accept: image/svg+xml, and format=json gives the code with its links', async () => {
  const png = await qrcode(plain.iccid, '?format=png', { accept: 'image/svg+xml' });
  assert.equal(png.headers['content-type'], 'image/png');
  const json = await qrcode(plain.iccid, '?format=json');
  const code = plain.activation_code;
  assert.match(String(json.headers['content-type']), /^application\/json/);
  assert.equal(json.headers['cache-control'], 'no-store, private');
  const carddata = encodeURIComponent(code);
  assert.deepEqual(json.json(), {
    activation_code: code,
    install_links: {
      apple: `https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=${carddata}`,
      android: `https://esimsetup.android.com/esim_qrcode_provisioning?carddata=${carddata}`,
      windows: code.replace('LPA:', 'lpa:'),
    },
  });
});

/** Whether the pixel is dark; nothing else than opaque black and white is there. */
function darkAt({ data, width }: PNG, x: number, y: number): boolean {
  const pixel = data.readUInt32BE(4 * (y * width + x));
  assert.ok(pixel === 0x0000_00ff || pixel === 0xffff_ffff);
  return pixel === 0x0000_00ff;
}

/** The pixels between each edge and the nearest dark one: left, right, top, bottom. */
function quietZone(png: PNG): number[] {
  const { width, height } = png;
  const zone = [width, width, height, height];
  const nearest = (side: number, distance: number) => {
    zone[side] = Math.min(zone[side] ?? 0, distance);
  };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (darkAt(png, x, y))
        for (const [side, far] of [x, width - 1 - x, y, height - 1 - y].entries()) nearest(side, far);
  return zone;
}

/** Pixels of one module: the finder pattern's upper edge is seven long. */
function moduleSize(png: PNG, quiet: number): number {
  let x = quiet;
  while (darkAt(png, x, quiet)) x++;
  return (x - quiet) / 7;
}

for (const [query, modules] of [
  ['', 4],
  ['?margin=4', 4],
  ['?margin=9', 9],
  ['?margin=20&ecc=H', 20],
] as const)
  test(`with ${query || 'no option'} the quiet zone has ${modules} modules on each side`, async () => {
    const png = PNG.sync.read((await qrcode(plain.iccid, query)).rawPayload);
    const [left = 0, ...others] = quietZone(png);
    assert.deepEqual(others, [left, left, left]);
    const size = moduleSize(png, left);
    assert.ok(Number.isInteger(size) && size >= 4, 'whole pixels per module');
    assert.equal(left, modules * size);
  });

for (const size of [64, 100, 333, 2048])
  test(`size=${size} is the width and the height, with whole modules and a quiet zone of 4 or more`, async () => {
    const { rawPayload } = await qrcode(plain.iccid, `?size=${size}`);
    const png = PNG.sync.read(rawPayload);
    assert.deepEqual([png.width, png.height], [size, size]);
    const quiet = quietZone(png);
    const module = moduleSize(png, quiet[0] ?? 0);
    assert.ok(Number.isInteger(module));
    for (const side of quiet) assert.ok(side >= 4 * module);
    if (module > 1) assert.equal(decoded(rawPayload), plain.activation_code);
  });

for (const ecc of ['L', 'M', 'Q', 'H'])
  test(`ecc=${ecc} is decoded to the same text`, async () => {
    assert.equal(decoded((await qrcode(plain.iccid, `?ecc=${ecc}`)).rawPayload), plain.activation_code);
  });

test('M is the usual error correction', async () => {
  const [usual, medium] = await Promise.all([qrcode(plain.iccid), qrcode(plain.iccid, '?ecc=M')]);
  assert.ok(usual.rawPayload.equals(medium.rawPayload));
});

test('download=1 makes a file of it, named by the ICCID and the format', async () => {
  for (const format of ['png', 'svg', 'json']) {
    const { headers } = await qrcode(plain.iccid, `?download=1&format=${format}`);
    assert.equal(headers['content-disposition'], `attachment; filename="${plain.iccid}.${format}"`);
  }
  assert.equal((await qrcode(plain.iccid)).headers['content-disposition'], undefined);
});

const outOfRange: Readonly<Record<string, RegExp>> = {
  'size=63': />= 64/,
  'size=0': />= 64/,
  'size=-1': />= 64/,
  'size=2049': /<= 2048/,
  'size=1e9': /<= 2048/,
  'size=64.5': /integer/,
  'size=large': /integer/,
  'size=': /integer/,
  'size=64&size=65': /integer/,
  'margin=3': />= 4/,
  'margin=0': />= 4/,
  'margin=21': /<= 20/,
  'margin=x': /integer/,
  'ecc=X': /L, M, Q, H/,
  'ecc=m': /L, M, Q, H/,
  'ecc=': /L, M, Q, H/,
  'format=gif': /png, svg, json/,
  'format=PNG': /png, svg, json/,
  'format=png&format=svg': /png, svg, json|string/,
  'oid=0': /one of 1/,
  'download=yes': /one of 1/,
};
for (const [query, range] of Object.entries(outOfRange))
  test(`${query} is 400 and the message has the range`, async () => {
    const { message, errors } = problemIn(await qrcode(plain.iccid, `?${query}`), 400, 'validation_failed');
    assert.match(message, range);
    assert.equal(errors?.[0]?.field, query.split('=')[0]);
  });

test('a size that this code does not fit into is 400 and says what it needs', async () => {
  const answer = await qrcode(plain.iccid, '?size=64&ecc=H&margin=20');
  assert.match(
    problemIn(answer, 400, 'invalid_size').message,
    /^size is 64: this code needs \d+ to 2048 pixels$/,
  );
});

const eid = completeEid('890490320000000000000000001234');
const binding = bindingOf({
  eid,
  euiccOtpk: new Uint8Array(65),
  otSkDp: new Uint8Array(32),
  hostId: new Uint8Array(16),
});

async function withoutCode(iccid: string, state: string): Promise<void> {
  for (const query of ['', '?format=svg', '?format=json']) {
    const { message } = problemIn(await qrcode(iccid, query), 409, 'no_activation_code');
    assert.ok(message.includes(state), message);
  }
}

test('a profile that is not ordered, or no longer downloadable, is 409 with its state', async () => {
  const iccid = await stocked(api);
  await withoutCode(iccid, 'AVAILABLE');
  await changed<Stocked>(api, iccid, (profile) => reserve(profile, undefined, START));
  await withoutCode(iccid, 'ALLOCATED');
  const linked = await stocked(api);
  await changed<Stocked>(api, linked, (profile) => reserve(profile, eid, START));
  await withoutCode(linked, 'LINKED');
  await withoutCode((await ordered(api, { release: false })).iccid, 'CONFIRMED');
  const failed = await ordered(api);
  const reason = { subjectCode: '8.2.10', reasonCode: '4.2', message: 'no memory' } as const;
  await changed<Released>(api, failed.iccid, (profile) => fail(profile, reason, START));
  await withoutCode(failed.iccid, 'ERROR');
  const unavailable = await stocked(api);
  await changed<Stocked>(api, unavailable, (profile) => ({ ...profile, state: 'UNAVAILABLE' }));
  await withoutCode(unavailable, 'UNAVAILABLE');
});

test('a code is there until the profile is on its device, and not after', async () => {
  const { iccid, activation_code } = await ordered(api);
  await changed<Released>(api, iccid, (profile) => download(profile, binding, START));
  assert.equal(decoded((await qrcode(iccid)).rawPayload), activation_code);
  for (const [i, state] of (['INSTALLED', 'ENABLED', 'DISABLED', 'DELETED'] as const).entries()) {
    const event = { eid, seqNumber: i + 1 };
    await changed<Downloaded>(api, iccid, (profile) => report(profile, state, event, START));
    await withoutCode(iccid, state);
  }
});

test('a default SM-DP+ order is 409 with its state, and says that the EID is what counts', async () => {
  const { iccid } = await ordered(api, { eid, matching_id: '' });
  await withoutCode(iccid, 'RELEASED');
  assert.match(problemIn(await qrcode(iccid), 409).message, /EID/);
});

test('a profile that is not there, or is not the caller’s, is 404', async () => {
  problemIn(await qrcode('8900000000000000000'), 404, 'profile_not_found');
  const others = await ordered(api, {}, 'bert');
  problemIn(await qrcode(others.iccid), 404, 'profile_not_found');
  assert.equal((await api.call(`${LIST}/${others.iccid}/qrcode`, { by: 'bert' })).statusCode, 200);
});
