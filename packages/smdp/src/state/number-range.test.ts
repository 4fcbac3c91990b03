import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import fc from 'fast-check';
import { formatNumberRange, isInRange, parseNumberRange } from './number-range.ts';

const digits = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: least, maxLength: most });

test('a prefix has the ICCIDs that begin like it, of 19 and of 20 digits', () => {
  fc.assert(
    fc.property(digits(19, 20), fc.integer({ min: 5, max: 19 }), digits(5, 19), (iccid, length, other) => {
      assert.ok(isInRange(parseIccid(iccid), parseNumberRange(iccid.slice(0, length))));
      assert.equal(isInRange(parseIccid(iccid), parseNumberRange(other)), iccid.startsWith(other));
    }),
  );
});

test('a range has the ICCIDs whose first digits are not below its first number and not above its last', () => {
  fc.assert(
    fc.property(digits(19, 20), digits(7, 7), digits(7, 7), (iccid, a, b) => {
      const [first, last] = a < b ? [a, b] : [b, a];
      const head = iccid.slice(0, 7);
      assert.equal(
        isInRange(parseIccid(iccid), parseNumberRange(`${first}-${last}`)),
        first <= head && head <= last,
      );
    }),
  );
});

for (const text of ['89883', '8988303', '89883030000-89883034999', '89883030000000000000'])
  test(`the range ${text} is written as it was read`, () =>
    assert.equal(formatNumberRange(parseNumberRange(text)), text));

for (const text of ['', '8988', '898830a', '89883-898839', '89884-89883', '89883-', '8'.repeat(21), ' 89883'])
  test(`${text || 'nothing'} is no range`, () => assert.throws(() => parseNumberRange(text), ValueError));
