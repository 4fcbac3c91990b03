import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from './bytes.ts';
import {
  asciiString,
  bitOctets,
  boolean,
  integer,
  integerOctets,
  namedBits,
  nul,
  objectIdentifier,
  octetString,
  oidContent,
  utf8String,
} from './primitives.ts';
import { DerError, tlv } from './tlv.ts';
import { decode, encode, type Type } from './type.ts';

function assertForms<T>(type: Type<T>, forms: readonly (readonly [T, string])[]): void {
  for (const [value, hex] of forms) {
    assert.equal(toHex(encode(type, value)), hex);
    assert.deepEqual(decode(type, fromHex(hex)), value);
  }
}

function assertRefused(type: Type<unknown>, ...forms: string[]): void {
  for (const hex of forms) assert.throws(() => decode(type, fromHex(hex)), DerError, hex);
}

function assertRoundTrip<T>(type: Type<T>, values: fc.Arbitrary<T>): void {
  fc.assert(fc.property(values, (value) => assert.deepEqual(decode(type, encode(type, value)), value)));
}

test("INTEGER is two's complement in its shortest form", () => {
  const any = integer(Number.MIN_SAFE_INTEGER);
  assertForms(any, [
    [0, '020100'],
    [127, '02017f'],
    [128, '02020080'],
    [200, '020200c8'],
    [256, '02020100'],
    [-1, '0201ff'],
    [-128, '020180'],
    [-129, '0202ff7f'],
  ]);
  assertRoundTrip(any, fc.maxSafeInteger());
  assertRefused(any, '0200', '0202007f', '0202ff80', '020800ffffffffffffff', '020720000000000000');
});

test('INTEGER outside its range is refused, read or written', () => {
  const octet = integer(0, 255).as('81');
  assertForms(octet, [[255, '810200ff']]);
  assertRefused(octet, '81020100', '8101ff');
  assert.throws(() => encode(octet, 256), RangeError);
  assert.throws(() => encode(integer(), 1.5), RangeError);
});

test('INTEGER of any size keeps its octets', () => {
  assertForms(integerOctets, [[fromHex('00ffffffffffffffffffff'), '020b00ffffffffffffffffffff']]);
  assertRefused(integerOctets, '0200', '02020001');
});

test('BOOLEAN is written FF; any octet but 00 reads as true', () => {
  assertForms(boolean, [
    [true, '0101ff'],
    [false, '010100'],
  ]);
  assert.equal(decode(boolean, fromHex('010101')), true);
  assertRefused(boolean, '0100', '01020000');
});

test('NULL is empty', () => {
  assertForms(nul, [[null, '0500']]);
  assertRefused(nul, '050100');
});

test('OCTET STRING has the size it is declared with, read or written', () => {
  const one = octetString(1, 2);
  assertForms(one, [
    [fromHex('00'), '040100'],
    [fromHex('0001'), '04020001'],
  ]);
  assertRefused(one, '0400', '0403000102');
  assertRefused(octetString(16), '0401ff');
  assert.throws(() => encode(octetString(16), fromHex('00')), RangeError);
  assertRoundTrip(octetString(), fc.uint8Array({ maxLength: 400 }));
});

test('UTF8String is text of at most so many octets', () => {
  const four = utf8String(4).as('91');
  assertForms(four, [
    ['', '9100'],
    ['é', '9102c3a9'],
    ['\ufeffa', '9104efbbbf61'],
  ]);
  assertRefused(four, '91056161616161', '9101ff', '9103eda080');
  assert.throws(() => encode(four, '€€'), RangeError);
  assertRoundTrip(utf8String(), fc.string({ unit: 'grapheme' }));
});

test('text of a single-byte string type is ASCII, however long', () => {
  const ia5 = asciiString('16');
  assertForms(ia5, [['a@b', '1603614062']]);
  assertRefused(ia5, '160180', '16017f');
  const long = 'x'.repeat(300_000);
  assert.equal(decode(ia5, encode(ia5, long)), long);
});

test('OBJECT IDENTIFIER is dotted text', () => {
  assertForms(objectIdentifier, [
    ['2.23.146.1.2.1.4', '060767811201020104'],
    ['1.2.840.10045.2.1', '06072a8648ce3d0201'],
    ['2.999.3', '0603883703'],
    ['0.39', '060127'],
    ['2.0', '060150'],
  ]);
  const arc = fc.integer({ min: 0, max: 2 ** 40 });
  const oid = fc
    .tuple(fc.constantFrom('0.3', '1.39', '2.5', '2.48', '2.4711'), fc.array(arc))
    .map(([root, arcs]) => [root, ...arcs].join('.'));
  assertRoundTrip(objectIdentifier, oid);
  assertRefused(objectIdentifier, '0600', '060180', '06028001', '06022a80', `0609${'ff'.repeat(8)}7f`);
  for (const wrong of ['', '1', '3.1', '1.40', '1.02', '1.2.', '1.2.x', '1.-2'])
    assert.throws(() => oidContent(wrong), RangeError, wrong);
});

test('named bits are a set of numbers, written without trailing zero bits', () => {
  assertForms(namedBits, [
    [new Set([]), '030100'],
    [new Set([0]), '03020780'],
    [new Set([1]), '03020640'],
    [new Set([1, 2, 3]), '03020470'],
    [new Set([8, 31]), '03050000800001'],
  ]);
  for (const tolerated of ['03020080', '03020480', '0303008000'])
    assert.deepEqual(decode(namedBits, fromHex(tolerated)), new Set([0]), tolerated);
  assertRoundTrip(
    namedBits,
    fc.array(fc.integer({ min: 0, max: 60 })).map((bits) => new Set(bits.toSorted((a, b) => a - b))),
  );
  assertRefused(namedBits, '0300', '030101', '03020880');
});

test('a BIT STRING of whole octets has no unused bits', () => {
  assertForms(bitOctets, [[fromHex('04aa'), '03030004aa']]);
  assertRefused(bitOctets, '030204f0', '0300');
});

test('a BIT STRING that is far too long is refused before its bits are counted', () => {
  assert.throws(() => decode(namedBits, tlv(0x03, new Uint8Array(100_000))), DerError);
});
