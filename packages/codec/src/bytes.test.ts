import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat, equal, fromBase64, fromHex, toBase64, toHex } from './bytes.ts';

test('bytes survive hexadecimal text and base64', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.deepEqual(fromHex(toHex(bytes)), bytes);
      assert.deepEqual(fromHex(toHex(bytes).toUpperCase()), bytes);
      assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
    }),
  );
});

test('text that is no hexadecimal is a SyntaxError', () => {
  for (const text of ['0', 'abc', '0g', '0x', ' 00', '00 '])
    assert.throws(() => fromHex(text), SyntaxError, text);
});

test('text that is no base64 is a SyntaxError, white space does no harm', () => {
  for (const text of ['A', 'AA', 'AAA', 'AA=', 'A===', 'AAAA=', 'A-_A', '====', 'AA==AA=='])
    assert.throws(() => fromBase64(text), SyntaxError, text);
  assert.deepEqual(fromBase64('AA\r\nEC\t'), Uint8Array.of(0, 1, 2));
});

test('parts are joined in order', () => {
  assert.deepEqual(concat(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3)), Uint8Array.of(1, 2, 3));
  assert.deepEqual(concat(), new Uint8Array());
});

test('arrays are equal by length and content', () => {
  assert.ok(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2)));
  assert.ok(!equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3)));
  assert.ok(!equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 0)));
});
