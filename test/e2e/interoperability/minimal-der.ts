import assert from 'node:assert/strict';

/** A reader of DER that holds what it reads to its shortest form; made for tests, apart from the codec. */
export type Tlv = { readonly tag: number; readonly constructed: boolean; readonly content: Buffer };

/** The one TLV that the octets are. */
export function readTlv(octets: Buffer): Tlv {
  const [tlv = assert.fail('nothing is there'), ...more] = tlvsIn(octets);
  assert.equal(more.length, 0, 'something follows');
  return tlv;
}

export function tlvsIn(octets: Buffer): Tlv[] {
  const found: Tlv[] = [];
  for (let at = 0; at < octets.length; ) {
    const first = octets.readUInt8(at++);
    let tag = first;
    if ((first & 0x1f) === 0x1f) {
      const second = octets.readUInt8(at++);
      assert.ok(second >= 0x1f && second < 0x80, 'a tag of two octets has a number from 31 to 127');
      tag = (first << 8) | second;
    }
    let length = octets.readUInt8(at++);
    if (length >= 0x80) {
      const count = length & 0x7f;
      assert.ok(count >= 1 && count <= 4, 'a length is definite');
      length = octets.readUIntBE(at, count);
      at += count;
      const shortest = length < 0x80 ? 0 : Math.ceil(length.toString(16).length / 2);
      assert.equal(count, shortest, 'a length is in its shortest form');
    }
    assert.ok(at + length <= octets.length, 'a TLV ends too early');
    found.push({ tag, constructed: (first & 0x20) !== 0, content: octets.subarray(at, at + length) });
    at += length;
  }
  return found;
}

/** Holds that a TLV and all inside it are in their shortest form. Primitive ones with context tags tell no type. */
export function mustBeMinimal({ tag, constructed, content }: Tlv): void {
  if (constructed) {
    for (const child of tlvsIn(content)) mustBeMinimal(child);
    return;
  }
  const [first = -1, second = -1] = content;
  if (tag === 0x01) assert.match(content.toString('hex'), /^(00|ff)$/, 'a BOOLEAN');
  if (tag === 0x02 || tag === 0x0a) {
    assert.ok(content.length > 0, 'an INTEGER has octets');
    const long = content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
    assert.ok(!long, 'an INTEGER is in its shortest form');
  }
  if (tag === 0x03) {
    assert.ok(first >= 0 && first <= 7 && (content.length > 1 || first === 0), 'a BIT STRING');
    const last = content.at(-1) ?? 0;
    if (content.length > 1) assert.equal(last & ((1 << first) - 1), 0, 'unused bits are zero');
  }
  if (tag === 0x05) assert.equal(content.length, 0, 'NULL');
}
