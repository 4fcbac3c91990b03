import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { concat, equal, toHex } from '@esim-rsp/codec';
import fc from 'fast-check';
import { BLOCK, cbcDecrypt, encryptBlocks } from '../crypto/aes.ts';
import { cmac } from '../crypto/cmac.ts';
import { MAX_SEGMENT, type Protection, protect, splitIntoSegments, startProtection } from './protect.ts';
import { generatePpk } from './session-keys.ts';

const keys = generatePpk((length) => Uint8Array.from({ length }, (_, i) => 7 * i + 1));
const fresh = startProtection(keys);
const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => i);

test('1007 octets fill an encrypted segment of 1020, 1008 make two', () => {
  const whole = protect(fresh, splitIntoSegments(0x86, bytes(1007))).tlvs;
  assert.deepEqual(
    whole.map(({ length }) => length),
    [MAX_SEGMENT],
  );
  assert.equal(toHex(whole[0]?.subarray(0, 4) ?? bytes(0)), '868203f8');
  const split = protect(fresh, splitIntoSegments(0x87, bytes(1008))).tlvs;
  assert.deepEqual(
    split.map(({ length }) => length),
    [MAX_SEGMENT, 26],
  );
});

test('1008 octets fill a segment that is only MACed, 1009 make two', () => {
  const whole = protect(fresh, splitIntoSegments(0x88, bytes(1008))).tlvs;
  assert.deepEqual(
    whole.map(({ length }) => length),
    [MAX_SEGMENT],
  );
  const split = protect(fresh, splitIntoSegments(0x88, bytes(1009))).tlvs;
  assert.deepEqual(
    split.map(({ length }) => length),
    [MAX_SEGMENT, 11],
  );
});

test('padding is never absent: 15 octets make 26, 16 make 42', () => {
  for (const [length, expected] of [
    [15, 26],
    [16, 42],
  ] as const)
    assert.equal(protect(fresh, [{ tag: 0x86, plaintext: bytes(length) }]).tlvs[0]?.length, expected);
});

test('a piece that is too long for a segment is refused', () => {
  assert.throws(() => protect(fresh, [{ tag: 0x86, plaintext: bytes(1008) }]), RangeError);
  assert.throws(() => protect(fresh, [{ tag: 0x88, plaintext: bytes(1009) }]), RangeError);
});

const segment = fc.record({
  tag: fc.constantFrom(0x86, 0x87, 0x88),
  plaintext: fc.uint8Array({ maxLength: 100 }),
});

/** The receiver's algorithm as 2.6.4.4 says it, one call for each step. */
function opened({ keys: { sEnc, sMac }, chain, counter }: Protection, tlv: Uint8Array) {
  const mac = cmac(sMac, concat(chain, tlv.subarray(0, -8)));
  const macIsRight = equal(mac.subarray(0, 8), tlv.subarray(-8));
  const data = tlv.subarray(2, -8); // the lengths of this test take one octet
  if (tlv[0] === 0x88) return { macIsRight, plaintext: data, mac };
  const icv = new Uint8Array(BLOCK);
  icv.set([counter >> 8, counter & 0xff], BLOCK - 2);
  const padded = cbcDecrypt(sEnc, encryptBlocks(sEnc, icv), data);
  return { macIsRight, plaintext: padded.subarray(0, padded.lastIndexOf(0x80)), mac };
}

test('a run made at once opens step by step, the counter counting every tag', () => {
  fc.assert(
    fc.property(fc.array(segment), fc.integer({ min: 1, max: 5000 }), (segments, counter) => {
      let protection: Protection = { ...fresh, counter };
      const run = protect(protection, segments);
      for (const [i, tlv] of run.tlvs.entries()) {
        const { macIsRight, plaintext, mac } = opened(protection, tlv);
        assert.ok(macIsRight);
        assert.equal(toHex(plaintext), toHex(segments[i]?.plaintext ?? bytes(0)));
        protection = { keys, chain: mac, counter: protection.counter + 1 };
      }
      assert.equal(toHex(run.protection.chain), toHex(protection.chain));
      assert.equal(run.protection.counter, protection.counter);
    }),
  );
});

test('a run continues from the state it left, and the state it started from stays as it was', () => {
  fc.assert(
    fc.property(fc.array(segment), fc.array(segment), (first, second) => {
      const start = { ...fresh, chain: fresh.chain.slice() };
      const begun = protect(start, first);
      const continued = protect(begun.protection, second);
      const whole = protect(start, [...first, ...second]);
      assert.deepEqual([...begun.tlvs, ...continued.tlvs].map(toHex), whole.tlvs.map(toHex));
      assert.deepEqual(start, fresh);
    }),
  );
});

test('keys and state do not show a key', () => {
  const shown = inspect(fresh, { depth: 9 }) + JSON.stringify(fresh);
  assert.ok(shown.includes('[SessionKeys]') && !shown.includes('sEnc'));
});
