import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, encodeHeader, equal, fromHex, tlv } from '@esim-rsp/codec';
import fc from 'fast-check';
import { cbcEncryptor } from '../crypto/aes.ts';
import { cmac } from '../crypto/cmac.ts';
import { assembleBoundProfilePackage, type BindableProfile, protectParts, protectWithPpk } from './bind.ts';
import { BppFailure } from './failure.ts';
import { expectedTags, type OpenedCommand, openSegment, startOpening, unprotectWithPpk } from './open.ts';
import { protect, startProtection } from './protect.ts';
import { splitBoundProfilePackage } from './segment.ts';
import { generatePpk, ppkFromBytes, ppkToBytes } from './session-keys.ts';

const drawn = (seed: number) => generatePpk((length) => Uint8Array.from({ length }, (_, i) => seed * i + 1));
const keys = drawn(7);
const ppk = drawn(11);
const metadata = fromHex('bf25035a0100');
const channel = fromHex('bf2300');
const some = (length: number) => Uint8Array.from({ length }, (_, i) => 3 * i);

function partsOf(profile: BindableProfile): Uint8Array[] {
  const parts = protectParts({ keys, metadata, profile });
  return splitBoundProfilePackage(assembleBoundProfilePackage(channel, parts)).slice(1);
}

const upp = some(40);
const plain = partsOf({ upp });
const replaced = partsOf({ ppk, sequenceOf86: protectWithPpk(upp, ppk) });

function open(segments: readonly Uint8Array[], total = concat(...segments).length): OpenedCommand[] {
  let opening = startOpening(keys, total);
  return segments.flatMap((segment) => {
    const step = openSegment(opening, segment);
    opening = step.opening;
    return step.commands;
  });
}

function failure(segments: readonly Uint8Array[], total?: number): string {
  try {
    open(segments, total);
  } catch (error) {
    assert.ok(error instanceof BppFailure, `${error}`);
    return `${error.bppCommandId} ${error.errorReason}`;
  }
  return 'none';
}

/** The segments, one of them with one octet changed. */
function mutated(segments: readonly Uint8Array[], index: number, at: number, by: number): Uint8Array[] {
  return segments.map((segment, i) =>
    i === index ? segment.map((octet, j) => (j === at ? octet ^ by : octet)) : segment,
  );
}

test('what was protected opens again, with and without keys of its own', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 5000 }), fc.boolean(), (profile, beforehand) => {
      const segments = partsOf(
        beforehand ? { ppk, sequenceOf86: protectWithPpk(profile, ppk) } : { upp: profile },
      );
      const commands = open(segments);
      assert.deepEqual(
        commands.map(({ command }) => command),
        [
          'configureISDP',
          'storeMetadata',
          ...(beforehand ? ['replaceSessionKeys'] : []),
          'loadProfileElements',
        ],
      );
      assert.ok(equal(commands.at(-1)?.data ?? concat(), profile));
    }),
  );
});

test('a package protected beforehand comes back byte for byte, with keys that were stored', () => {
  for (const length of [1, 16, 1007, 1008, 30_000]) {
    const stored = ppkFromBytes(ppkToBytes(ppk));
    assert.deepEqual(unprotectWithPpk(protectWithPpk(some(length), ppk), stored), some(length));
    assert.equal(JSON.stringify(stored), '"[SessionKeys]"');
  }
  assert.throws(() => unprotectWithPpk(protectWithPpk(upp, ppk).slice(0, -1), ppk), BppFailure);
  assert.throws(() => unprotectWithPpk(protectWithPpk(upp, ppk), keys), BppFailure);
});

test('it does not matter how the octets are cut into segments, as long as no TLV is cut', () => {
  assert.ok(equal(open([concat(...plain)]).at(-1)?.data ?? concat(), upp));
});

test('no octet of a package can be changed unnoticed', () => {
  for (const segments of [plain, replaced])
    for (const [index, segment] of segments.entries())
      for (let at = 0; at < segment.length; at++)
        for (const by of [0x01, 0x80]) {
          const total = concat(...segments).length;
          assert.notEqual(failure(mutated(segments, index, at, by), total), 'none', `${index} ${at}`);
        }
});

test('a wrong MAC is a security error of the command it happens in', () => {
  const last = (segment: Uint8Array | undefined) => (segment?.length ?? 0) - 1;
  const commands = replaced.flatMap((segment, index) =>
    segment.length < 10 ? [] : failure(mutated(replaced, index, last(segment), 1)),
  );
  assert.deepEqual(commands, [
    'configureISDP scp03tSecurityError',
    'storeMetadata scp03tSecurityError',
    'replaceSessionKeys scp03tSecurityError',
    'loadProfileElements scp03tSecurityError',
  ]);
});

test('a TLV that is left out, repeated or taken from elsewhere has a wrong MAC', () => {
  const segments = partsOf({ upp: some(3000) });
  const [first, second, third] = segments.slice(-3) as [Uint8Array, Uint8Array, Uint8Array];
  const before = segments.slice(0, -3);
  const total = concat(...segments).length;
  for (const order of [[second], [first, first], [first, third], [second, first, third]])
    assert.equal(failure([...before, ...order], total), 'loadProfileElements scp03tSecurityError');
});

test('parts that are missing, repeated or out of order are a structure error', () => {
  const [a0, a1, tlv88] = plain as [Uint8Array, Uint8Array, Uint8Array];
  const total = concat(...plain).length;
  assert.equal(failure([a1], total), 'configureISDP scp03tStructureError');
  assert.equal(failure([a0, a0], total), 'storeMetadata scp03tStructureError');
  assert.equal(failure([a0, tlv88], total), 'storeMetadata scp03tStructureError');
  assert.equal(failure([...plain, a0]), 'loadProfileElements scp03tStructureError');
});

test('lengths that do not add up are a structure error', () => {
  const total = concat(...plain).length;
  assert.equal(failure(plain, total + 1), 'loadProfileElements scp03tStructureError');
  assert.equal(failure(plain, total - 1), 'loadProfileElements scp03tStructureError');
  assert.equal(failure([encodeHeader(0xa0, 0)], total), 'configureISDP scp03tStructureError');
  assert.equal(failure([tlv(0xa0, tlv(0x87, some(7)))], total), 'configureISDP scp03tStructureError');
});

/** A first part whose TLV has a right MAC over exactly these blocks, encrypted. */
function withoutPadding(blocks: Uint8Array): Uint8Array {
  const counter = new Uint8Array(16).fill(1, 15);
  const data = cbcEncryptor(keys.sEnc)(concat(counter, blocks)).subarray(16);
  const head = encodeHeader(0x87, data.length + 8);
  const mac = cmac(keys.sMac, concat(keys.initialMacChainingValue, head, data));
  return tlv(0xa0, head, data, mac.subarray(0, 8));
}

test('padding is judged strictly, after the MAC: one 80, then zeros, at most a block', () => {
  const ends = (text: string) => failure([withoutPadding(fromHex(text.padStart(64, '11')))], 500);
  assert.equal(ends('80'), 'none');
  assert.equal(ends(`80${'00'.repeat(15)}`), 'none');
  for (const wrong of [`80${'00'.repeat(16)}`, '8001', '81', '00'])
    assert.equal(ends(wrong), 'configureISDP scp03tStructureError', wrong);
  assert.equal(failure([withoutPadding(new Uint8Array())], 500), 'configureISDP scp03tStructureError');
});

test('data that is not whole blocks is a structure error, though its MAC is right', () => {
  const head = encodeHeader(0x87, 23);
  const mac = cmac(keys.sMac, concat(keys.initialMacChainingValue, head, some(15)));
  const part = tlv(0xa0, head, some(15), mac.subarray(0, 8));
  assert.equal(failure([part], 500), 'configureISDP scp03tStructureError');
});

test('keys to replace that are no ReplaceSessionKeys are refused as input', () => {
  const [a0, a1, tlv88] = replaced as [Uint8Array, Uint8Array, Uint8Array];
  const { protection } = protect(startProtection(keys), [
    { tag: 0x87, plaintext: fromHex('bf2400') },
    { tag: 0x88, plaintext: metadata },
  ]);
  const { tlvs } = protect(protection, [{ tag: 0x87, plaintext: fromHex('bf260380010a') }]);
  assert.equal(failure([a0, a1, tlv88, tlv(0xa2, ...tlvs)], 500), 'replaceSessionKeys incorrectInputValues');
});

test('the tags that may come next are known at every step', () => {
  let opening = startOpening(keys, concat(...replaced).length);
  const expected = [expectedTags(opening)];
  for (const segment of replaced) {
    opening = openSegment(opening, segment).opening;
    expected.push(expectedTags(opening));
  }
  assert.deepEqual(expected, [[0xa0], [0xa1], [0x88], [0xa2, 0xa3], [0xa3], [0x86], []]);
});
