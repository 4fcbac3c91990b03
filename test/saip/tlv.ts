/** DER for the second decoder (ITU-T X.690): tag, minimal length, content. It shares nothing with packages/codec. */

export type Tlv = { readonly tag: number; readonly content: Uint8Array };

/** What is wrong with a package, in a sentence. */
export class Fault extends Error {
  override readonly name = 'Fault';
}

/** The TLVs of which the octets consist; nothing may be left over. */
export function tlvs(octets: Uint8Array): Tlv[] {
  const found: Tlv[] = [];
  let at = 0;
  const next = (): number => {
    const octet = octets[at++];
    if (octet === undefined) throw new Fault('a TLV ends early');
    return octet;
  };
  while (at < octets.length) {
    let tag = next();
    if ((tag & 0x1f) === 0x1f) {
      const second = next();
      if (second < 0x1f || second > 0x7f) throw new Fault('a tag has a form that profiles do not use');
      tag = tag * 256 + second;
    }
    let length = next();
    if (length > 0x7f) {
      const octetsOfLength = length & 0x7f;
      if (octetsOfLength < 1 || octetsOfLength > 3) throw new Fault('a length has a form that DER forbids');
      length = 0;
      for (let i = 0; i < octetsOfLength; i++) length = length * 256 + next();
      if (length < 0x80 || length < 256 ** (octetsOfLength - 1)) throw new Fault('a length is not minimal');
    }
    if (at + length > octets.length) throw new Fault(`${hexTag(tag)} announces ${length} octets`);
    found.push({ tag, content: octets.subarray(at, at + length) });
    at += length;
  }
  return found;
}

export const hexTag = (tag: number) => tag.toString(16).toUpperCase();
export const hex = (octets: Uint8Array) =>
  Array.from(octets, (o) => o.toString(16).padStart(2, '0')).join('');
export const bytes = (text: string) =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** A DER INTEGER of at most four octets. */
export function integerIn({ content }: Tlv): number {
  const [first = 0, second = 0] = content;
  if (content.length < 1 || content.length > 4) throw new Fault('an INTEGER has no usable length');
  const redundant = (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);
  if (content.length > 1 && redundant) throw new Fault('an INTEGER is not minimal');
  return content.reduce((sum, octet) => sum * 256 + octet, first >= 0x80 ? -1 : 0);
}

/** The only TLV with the tag; undefined where there is none. */
export function one(list: readonly Tlv[], tag: number): Tlv | undefined {
  const found = list.filter((each) => each.tag === tag);
  if (found.length > 1) throw new Fault(`${hexTag(tag)} is there ${found.length} times`);
  return found[0];
}

export function needed(list: readonly Tlv[], tag: number, name: string): Tlv {
  const found = one(list, tag);
  if (found === undefined) throw new Fault(`${name} (${hexTag(tag)}) is missing`);
  return found;
}

/** Members of a SEQUENCE: only the allowed ones, in their order. */
export function mustFollow(list: readonly Tlv[], order: readonly number[], name: string): void {
  let last = -1;
  for (const { tag } of list) {
    const place = order.indexOf(tag);
    if (place < 0) throw new Fault(`${name} has no member ${hexTag(tag)}`);
    if (place < last) throw new Fault(`${name}: member ${hexTag(tag)} is out of order`);
    last = place;
  }
}
