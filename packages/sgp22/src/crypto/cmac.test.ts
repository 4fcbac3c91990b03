import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, fromHex, toHex } from '@esim-rsp/codec';
import fc from 'fast-check';
import { cmac, cmacChain } from './cmac.ts';

/** RFC 4493 section 4. */
const KEY = fromHex('2b7e151628aed2a6abf7158809cf4f3c');
const MESSAGE = fromHex(
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51' +
    '30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
);
const MACS = new Map([
  [0, 'bb1d6929e95937287fa37d129b756746'],
  [16, '070a16b46b4d4144f79bdd9dd04a287c'],
  [40, 'dfa66747de9ae63030ca32611497c827'],
  [64, '51f0bebf7e3b9d92fc49741779363cfe'],
]);

for (const [length, mac] of MACS)
  test(`RFC 4493: the CMAC of ${length} octets`, () => {
    assert.equal(toHex(cmac(KEY, MESSAGE.subarray(0, length))), mac);
  });

test('RFC 4493: a chain that starts with the first block gives the same CMACs', () => {
  for (const [length, mac] of MACS)
    if (length >= 16)
      assert.deepEqual(cmacChain(KEY, MESSAGE.subarray(0, 16), [MESSAGE.subarray(16, length)]).map(toHex), [
        mac,
      ]);
});

test('a chain in one pass is the same as each CMAC over the one before and its message', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(bytes(16), bytes(16), fc.array(fc.uint8Array({ maxLength: 70 })), (key, chain, messages) => {
      let before: Uint8Array = chain;
      const expected = messages.map((message) => {
        before = cmac(key, concat(before, message));
        return toHex(before);
      });
      assert.deepEqual(cmacChain(key, chain, messages).map(toHex), expected);
    }),
  );
});
