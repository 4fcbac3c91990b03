import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, readAt, tlv, toHex } from '@esim-rsp/codec';
import { fileContent } from './file.ts';

/** A file from its descriptor members and what is written to it, in hexadecimal digits. */
const content = (descriptor: string, writes = '') =>
  toHex(fileContent(readAt(tlv(0xa3, tlv(0xa1, fromHex(descriptor)), fromHex(writes)), 0)));

test('the last octet of a filling pattern goes on to the end of the file', () => {
  assert.equal(content('800106a505c103656e00'), '656e00000000');
  assert.equal(content('a505c103014753'), '014753', 'without a size the file is as long as the pattern');
});

test('each record of a file starts with the filling pattern', () => {
  assert.equal(content('820442210004800108a504c10200ff'), '00ffffff00ffffff');
});

test('a repeated pattern goes on from the start again', () => {
  assert.equal(content('800105a504c2020102'), '0102010201');
});

test('offsets are counted from the end of what was written last', () => {
  assert.equal(content('800106', '8301aa8201028301bb'), 'aaffffbbffff');
});
