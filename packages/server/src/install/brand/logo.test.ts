import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeQrMatrix } from '../../qr/matrix.ts';
import { renderPng } from '../../qr/png.ts';
import { MOST_LOGO_BYTES, readLogo } from './logo.ts';

const png = renderPng(encodeQrMatrix('logo', { ecc: 'M', margin: 4 }));
const filled = (hex: string) => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(40)]);
/** JFIF, then a frame of 200 by 100. */
const jpeg = filled('ffd8ffe000104a46494600010100000100010000ffc0001108006400c803012200');
const webp = (chunk: string, rest: string) => filled(`52494646000000005745425056503${chunk}${rest}`);

test('pictures are known by their content, with their size', () => {
  const size = 8 * 29;
  const { hash, ...logo } = readLogo(png) as Exclude<ReturnType<typeof readLogo>, string>;
  assert.deepEqual(logo, { type: 'image/png', width: size, height: size });
  assert.match(hash, /^[\w-]{43}$/);
  const found = (bytes: Buffer) => {
    const one = readLogo(bytes);
    return typeof one === 'string' ? one : [one.type, one.width, one.height];
  };
  assert.deepEqual(found(jpeg), ['image/jpeg', 200, 100]);
  assert.deepEqual(found(webp('820', '000000000000009d012ac8006400')), ['image/webp', 200, 100]);
  assert.deepEqual(found(webp('84c', '000000002fc7c01800')), ['image/webp', 200, 100]);
  assert.deepEqual(found(webp('858', '0a00000000000000c70000630000')), ['image/webp', 200, 100]);
});

test('other files, large pictures and large files are refused', () => {
  const wide = Buffer.from(png);
  wide.writeUInt32BE(2049, 16);
  for (const [bytes, why] of [
    [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /PNG, a JPEG or a WebP/],
    [Buffer.from('GIF89a'), /PNG, a JPEG or a WebP/],
    [Buffer.alloc(0), /PNG/],
    [wide, /2049 by/],
    [Buffer.concat([png, Buffer.alloc(MOST_LOGO_BYTES)]), /octets/],
  ] as const)
    assert.match(String(readLogo(bytes)), why);
});

test('no bytes make the reader throw', () => {
  const begins = fc.constantFrom(png, jpeg, webp('858', '0a'), Buffer.from('ffd8ff', 'hex'));
  fc.assert(
    fc.property(begins, fc.nat(60), fc.uint8Array({ maxLength: 60 }), (begin, length, rest) => {
      readLogo(Buffer.concat([begin.subarray(0, length), rest]));
    }),
  );
});
