import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, fromHex, toHex } from '@esim-rsp/codec';
import fc from 'fast-check';
import { fitsSimText, readSimText, writeSimText } from './sim-text.ts';

const ff = (count: number) => new Uint8Array(count).fill(0xff);

/** Octets by hand: 3GPP TS 23.038 6.2.1 and 6.2.1.1 for the GSM alphabet, ETSI TS 102 221 annex A for 80, 81 and 82. */
const written = {
  'Vodafone €': '56 6f 64 61 66 6f 6e 65 20 1b65',
  '[Lab] {1}': '1b3c 4c 61 62 1b3e 20 1b28 31 1b29',
  'a^b\\c~d|e': '61 1b14 62 1b2f 63 1b3d 64 1b40 65',
  '@£_à¿': '00 01 11 7f 60',
  ΔΦΓ: '10 12 13',
  日本: '80 65e5 672c',
  Öç: '80 00d6 00e7', // ç is not in the alphabet; as long as 81
  Ростелеком: '81 0a 08 a0 be c1 c2 b5 bb b5 ba be bc', // base 0400
  'МТС Россия': '81 0a 08 9c a2 a1 20 a0 be c1 c1 b8 cf',
  Sকদ: '81 03 13 53 95 a6', // the characters of the example of annex A: Bengali from 0980
  '-Բփ-1': '82 05 0532 2d 80 d1 2d 31', // 0532 and 0583 are in two half pages: 82 from the lower one on
};

for (const [text, octets] of Object.entries(written))
  test(`${text} is written as ${octets} and read back`, () => {
    const expected = fromHex(octets.replaceAll(' ', ''));
    const field = writeSimText(text, 16);
    assert.equal(toHex(field), toHex(concat(expected, ff(16 - expected.length))));
    assert.equal(readSimText(field), text);
  });

test('the GSM alphabet is taken where it fits, and coding 81 where signs of two octets make it too long', () => {
  assert.equal(toHex(writeSimText('[[]]', 8)), '1b3c1b3c1b3e1b3e');
  assert.equal(toHex(writeSimText('[[]]', 7)), '810400dbdbdddd');
});

test('the examples of TS 102 221 annex A are read', () => {
  assert.equal(readSimText(fromHex('8103135395a6ffff')), 'Sকদ', 'base 0980, two letters of it');
  assert.equal(readSimText(fromHex('820505302d82d32d31')), '-Բփ-1', 'base 0530, the Armenian block');
});

test('a text that fits no coding is refused, and so is a character that UCS2 does not have', () => {
  assert.throws(
    () => writeSimText('A name that is far too long', 16),
    /at most 16 octets on a SIM, this text needs 27/,
  );
  assert.throws(() => writeSimText('日本語の長い名前', 16), /needs 17/);
  assert.throws(() => writeSimText('Phone 📱', 16), /contains U\+1F4F1, which a SIM cannot store/);
  assert.throws(() => writeSimText('\ud83d', 16), /contains U\+D83D/);
  assert.equal(fitsSimText('Ростелеком ЦЕНТР', 16), false, '16 Cyrillic letters need 19 octets');
  assert.equal(fitsSimText('Ростелеком ЮГ', 16), true, '13 of them need 16');
  assert.equal(fitsSimText('📱', 16), false);
  assert.equal(fitsSimText('ж'.repeat(2_000_000), 16), false, 'however long it is');
  assert.throws(() => writeSimText('ж'.repeat(200_000), 16), /needs 400001/);
});

test('a field that is not filled reads as nothing, and what cannot be read as a question mark', () => {
  assert.equal(readSimText(ff(16)), undefined);
  assert.equal(readSimText(new Uint8Array()), undefined);
  assert.equal(readSimText(fromHex('41fe42ff')), 'A?B');
  assert.equal(readSimText(fromHex('411b')), 'A', 'an escape before nothing');
  assert.equal(readSimText(fromHex('1b41')), 'A', 'a place that the extension table leaves empty');
  assert.equal(readSimText(fromHex('810508a0')), 'Р', 'fewer characters than the count says');
  assert.equal(readSimText(fromHex('8065')), undefined, 'half a character');
});

test('a text in 81 or 82 may have characters of the extension table where a card writes them', () => {
  assert.equal(readSimText(fromHex('810408a01b65a1')), 'Р€С');
});

test('every text that is written is read back, and is never longer than plain UCS2', () => {
  const character = fc.oneof(
    fc.constantFrom(...'@ A_àΔ€{}[]\\^~|'),
    fc.integer({ min: 0x0020, max: 0x00ff }).map(String.fromCharCode),
    fc.integer({ min: 0x0370, max: 0x058f }).map(String.fromCharCode),
    fc.integer({ min: 0x4e00, max: 0xd7ff }).map(String.fromCharCode),
  );
  fc.assert(
    fc.property(fc.string({ unit: character, maxLength: 20 }), (text) => {
      assert.equal(readSimText(writeSimText(text, 1 + 2 * text.length)) ?? '', text);
    }),
  );
});
