import type { Tlv } from '@esim-rsp/codec';

const MAX_FILE = 65_536;

/**
 * The content of a file in a template PE: the descriptor's pattern, then offsets (82) and contents (83) one after
 * another. Without a size (80) the file is as long as what is written to it.
 */
export function fileContent(file: Tlv): Uint8Array {
  const parts = file.children();
  const descriptor = parts.find(({ tag }) => tag === 0xa1)?.children() ?? [];
  const size = descriptor
    .find(({ tag }) => tag === 0x80)
    ?.content.reduce((sum, octet) => sum * 256 + octet, 0);
  const special = descriptor.find(({ tag }) => tag === 0xa5)?.children() ?? [];
  const pattern = special.find(({ tag }) => tag === 0xc1)?.content;
  const content = new Uint8Array(Math.min(size ?? pattern?.length ?? 0, MAX_FILE)).fill(0xff);
  if (pattern !== undefined) content.set(pattern.subarray(0, content.length));
  return written(content, parts);
}

function written(initial: Uint8Array, parts: readonly Tlv[]): Uint8Array {
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
