import type { Tlv } from '@esim-rsp/codec';

const MAX_FILE = 65_536;

/**
 * The content of a file in a template element (TCA Profile Interoperability 8.3.3): first the patterns of its descriptor,
 * then its offsets (82) and contents (83) one after another. Without a size (80) the file is as long as what is written.
 */
export function fileContent(file: Tlv): Uint8Array {
  const parts = file.children();
  const descriptor = parts.find(({ tag }) => tag === 0xa1)?.children() ?? [];
  return writeParts(initialContent(descriptor), parts);
}

/** The first record of a file of records; of another file, its content. */
export function firstRecord(file: Tlv): Uint8Array {
  const descriptor = file.child(0xa1)?.children() ?? [];
  const length = recordLength(descriptor.find(({ tag }) => tag === 0x82)?.content);
  return fileContent(file).subarray(0, length);
}

/**
 * FF, or the filling pattern (C1), whose last octet is repeated to the end, or the repeated pattern (C2); in a file of
 * records each record starts with the pattern (ETSI TS 102 222 6.3.2.2.2).
 */
function initialContent(descriptor: readonly Tlv[]): Uint8Array {
  const member = (tag: number, within = descriptor) => within.find((each) => each.tag === tag);
  const special = member(0xa5)?.children() ?? [];
  const fill = member(0xc1, special)?.content;
  const repeat = member(0xc2, special)?.content;
  const size = member(0x80)?.content.reduce((sum, octet) => sum * 256 + octet, 0);
  const content = new Uint8Array(Math.min(size ?? fill?.length ?? 0, MAX_FILE)).fill(0xff);
  const record = recordLength(member(0x82)?.content) ?? content.length;
  for (let i = 0; i < content.length; i++) {
    const at = i % record;
    if (fill?.length) content[i] = fill[Math.min(at, fill.length - 1)] as number;
    else if (repeat?.length) content[i] = repeat[at % repeat.length] as number;
  }
  return content;
}

/** Octets 3 and 4 of the descriptor of a linear fixed or cyclic file. */
function recordLength(fileDescriptor: Uint8Array | undefined): number | undefined {
  if (fileDescriptor === undefined || fileDescriptor.length < 4) return undefined;
  return (fileDescriptor[2] as number) * 256 + (fileDescriptor[3] as number) || undefined;
}

function writeParts(initial: Uint8Array, parts: readonly Tlv[]): Uint8Array {
  let content = initial;
  let position = 0;
  for (const { tag, content: octets } of parts) {
    if (tag === 0x82) position += octets.reduce((sum, octet) => sum * 256 + octet, 0);
    if (tag !== 0x83 || position > MAX_FILE) continue;
    const end = Math.min(position + octets.length, MAX_FILE);
    if (end > content.length) {
      const longer = new Uint8Array(end).fill(0xff);
      longer.set(content);
      content = longer;
    }
    content.set(octets.subarray(0, end - position), position);
    position = end;
  }
  return content;
}
