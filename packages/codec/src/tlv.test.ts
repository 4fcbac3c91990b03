import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat, fromHex, toHex } from './bytes.ts';
import {
  DerError,
  encodeHeader,
  endAt,
  formatTag,
  parseTag,
  readAll,
  readAt,
  readHeader,
  readHeaderWithin,
  readOne,
  tlv,
} from './tlv.ts';

const tag = fc.constantFrom(0x04, 0x30, 0x80, 0xa0, 0x5f37, 0x9f70, 0xbf38, 0xbf76, 0x7f8101);

test('what is written is read again: tag, length and content at any size', () => {
  const length = fc.oneof(
    fc.integer({ min: 0, max: 300 }),
    fc.constantFrom(0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000),
  );
  fc.assert(
    fc.property(tag, length, (number, size) => {
      const content = new Uint8Array(size).fill(0x5a);
      const bytes = tlv(number, content);
      const found = readOne(bytes);
      assert.equal(found.tag, number);
      assert.equal(toHex(found.content), toHex(content));
      assert.equal(found.bytes.length, bytes.length);
    }),
  );
});

test('lengths are written in their shortest form', () => {
  const written = [0, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, 0xffffff, 0x1000000].map((length) =>
    toHex(encodeHeader(0x04, length).subarray(1)),
  );
  assert.deepEqual(written, [
    '00',
    '7f',
    '8180',
    '81ff',
    '820100',
    '82ffff',
    '83010000',
    '83ffffff',
    '8401000000',
  ]);
});

for (const [name, hex] of Object.entries({
  'nothing at all': '',
  'a tag without a length': '04',
  'a tag that ends early': '5f',
  'a long tag that ends early': 'bf81',
  'a length that ends early': '0482',
  'content that ends early': '040201',
  'a length of 127 in two octets': `04817f${'00'.repeat(127)}`,
  'a length of 255 in three octets': `048200ff${'00'.repeat(255)}`,
  'a length of 0 in two octets': '048100',
  'a length with leading zeros': '04840000000100',
  'an indefinite length': '30800000',
  'a length of five octets': '04850000000001ff',
  'a tag number of 30 in two octets': '9f1e00',
  'a tag number with leading zeros': '9f807f00',
  'a tag of four octets': 'bf81818001ff',
  'bytes after the end': '04010000',
}))
  test(`${name}: a DerError`, () => {
    assert.throws(() => readOne(fromHex(hex)), DerError);
  });

test('a child cannot reach beyond its parent, even if the bytes are there', () => {
  const [parent] = readAll(fromHex('300404030102040100'));
  assert.throws(() => parent?.children(), /announces 3 bytes, but only 2 follow/);
});

test('any bytes are read or are a DerError, and what is read is written the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        const found = readAll(bytes);
        assert.equal(toHex(concat(...found.map((one) => tlv(one.tag, one.content)))), toHex(bytes));
      } catch (error) {
        assert.ok(error instanceof DerError, `${error}`);
      }
    }),
    { numRuns: 2000 },
  );
});

test('TLVs are read one after another, each as a view of the source', () => {
  const source = fromHex('800101a103040102');
  const [first, second] = readAll(source);
  assert.equal(first?.bytes.buffer, source.buffer);
  assert.equal(second?.constructed, true);
  assert.deepEqual(
    second?.children().map(({ tag, content }) => [tag, toHex(content)]),
    [[0x04, '02']],
  );
  assert.equal(readAt(source, 3).start, 3);
});

test('a header is read though its content is not there', () => {
  const source = fromHex('bf36820139bf23');
  assert.deepEqual(readHeader(source, 0), { tag: 0xbf36, contentStart: 5, end: 5 + 0x139 });
  assert.throws(() => readHeader(source, 0, 4), DerError);
});

test('the end of any TLV is where its header says, and both refuse the same bytes for the same reason', () => {
  const octet = fc.oneof(fc.constantFrom(0, 1, 2, 0x1f, 0x30, 0x7f, 0x80, 0x81, 0x82, 0xbf), fc.nat(255));
  const outcome = (read: () => number) => {
    try {
      return read();
    } catch (error) {
      if (error instanceof DerError) return error.message;
      throw error;
    }
  };
  fc.assert(
    fc.property(fc.array(octet, { maxLength: 12 }), fc.nat(12), (octets, cut) => {
      const source = Uint8Array.from(octets);
      const limit = Math.min(cut, source.length);
      assert.equal(
        outcome(() => endAt(source, 0, limit)),
        outcome(() => readHeaderWithin(source, 0, limit).end),
      );
    }),
    { numRuns: 1000 },
  );
});

test('tags are written in hex as the specification prints them', () => {
  assert.equal(parseTag('BF38'), 0xbf38);
  assert.equal(formatTag(0x02), '02');
  assert.equal(formatTag(0x5f37), '5F37');
  for (const wrong of ['bf38', 'BF3', '', 'BF381212']) assert.throws(() => parseTag(wrong), wrong);
});

test('an error says the path of the field it happened in', () => {
  const error = new DerError('is missing', ['transactionId']).within('euiccSigned1');
  assert.equal(error.message, 'euiccSigned1 > transactionId: is missing');
  assert.deepEqual(error.path, ['euiccSigned1', 'transactionId']);
});
