import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, fromHex, toHex } from '@esim-rsp/codec';
import { cbcDecrypt, cbcEncryptor, encryptBlocks, ZERO_BLOCK } from './aes.ts';

const KEY = fromHex('2b7e151628aed2a6abf7158809cf4f3c');
const BLOCKS = fromHex('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51');

/** NIST SP 800-38A F.1.1. */
test('SP 800-38A: blocks encrypted each for itself', () => {
  assert.equal(
    toHex(encryptBlocks(KEY, BLOCKS)),
    '3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf',
  );
});

/** NIST SP 800-38A F.2.2. */
test('SP 800-38A: blocks of a chain decrypted', () => {
  const ciphertext = fromHex('7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2');
  assert.equal(
    toHex(cbcDecrypt(KEY, fromHex('000102030405060708090a0b0c0d0e0f'), ciphertext)),
    toHex(BLOCKS),
  );
});

test('a running encryption continues where the call before ended', () => {
  const cbc = cbcEncryptor(KEY);
  const pieces = concat(cbc(BLOCKS.subarray(0, 16)), cbc(BLOCKS.subarray(16)));
  assert.equal(toHex(pieces), toHex(cbcEncryptor(KEY)(BLOCKS)));
  assert.equal(toHex(cbcDecrypt(KEY, ZERO_BLOCK, pieces)), toHex(BLOCKS));
});

test('half a block is refused, not kept back', () => {
  const half = new Uint8Array(8);
  assert.throws(() => cbcEncryptor(KEY)(half), RangeError);
  assert.throws(() => cbcDecrypt(KEY, ZERO_BLOCK, half), RangeError);
  assert.throws(() => encryptBlocks(KEY, half), RangeError);
});
