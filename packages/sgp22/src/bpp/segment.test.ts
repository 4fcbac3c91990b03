import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, DerError, equal, fromHex, tlv, toHex } from '@esim-rsp/codec';
import { splitBoundProfilePackage } from './segment.ts';

const channel = fromHex('bf230101');
const a = tlv(0x87, fromHex('aa'));
const b = tlv(0x87, fromHex('bb'));
const c = tlv(0x88, fromHex('cc'));
const d = tlv(0x86, fromHex('dd'));
const e = tlv(0x86, fromHex('ee'));

test('headers of A0 and A2 travel with their first TLV, headers of A1 and A3 alone', () => {
  const bpp = tlv(0xbf36, channel, tlv(0xa0, a, b), tlv(0xa1, c, c), tlv(0xa2, a, b), tlv(0xa3, d, e));
  assert.deepEqual(splitBoundProfilePackage(bpp).map(toHex), [
    'bf3624bf230101',
    'a0068701aa',
    '8701bb',
    'a106',
    '8801cc',
    '8801cc',
    'a2068701aa',
    '8701bb',
    'a306',
    '8601dd',
    '8601ee',
  ]);
});

test('the segments are the package, cut and not changed', () => {
  const bpp = tlv(0xbf36, channel, tlv(0xa0, a), tlv(0xa1, c), tlv(0xa3, d));
  assert.ok(equal(concat(...splitBoundProfilePackage(bpp)), bpp));
});

test('what is no package is refused', () => {
  const parts = [tlv(0xa0, a), tlv(0xa1, c), tlv(0xa3, d)];
  for (const [name, bytes] of Object.entries({
    'another tag': tlv(0xbf37, channel, ...parts),
    'a part missing': tlv(0xbf36, channel, ...parts.slice(1)),
    'a part twice': tlv(0xbf36, channel, ...parts, tlv(0xa3, d)),
    'parts out of order': tlv(0xbf36, channel, ...parts.toReversed()),
    'an empty part': tlv(0xbf36, channel, tlv(0xa0, a), tlv(0xa1), tlv(0xa3, d)),
    'bytes behind it': concat(tlv(0xbf36, channel, ...parts), fromHex('00')),
    'nothing at all': new Uint8Array(),
  }))
    assert.throws(() => splitBoundProfilePackage(bytes), DerError, name);
});
