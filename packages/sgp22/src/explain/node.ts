import { formatTag, type Tlv, toHex } from '@esim-rsp/codec';

/** What some octets are, in words: a name, what they say, and what is inside. */
export type Node = {
  readonly name: string;
  /** Identifier octets as the specification prints them. */
  readonly tag?: string;
  /** Octets of the content. */
  readonly length?: number;
  readonly value?: string;
  readonly children?: readonly Node[];
};

export type ExplainOptions = {
  /** Shows what is secret as it is; else it is replaced by a remark. */
  readonly showSecrets?: boolean;
};

/** Stands in place of a secret; its length is no secret. */
export const HIDDEN = '(secret, hidden)';

/** The deepest nesting that is followed. */
export const MAX_DEPTH = 24;

const MAX_OCTETS = 48;
const MAX_CHARACTERS = 200;

/** Hexadecimal text, shortened where it is long: octets that say nothing by themselves. */
export function shortHex(octets: Uint8Array): string {
  if (octets.length <= MAX_OCTETS + 16) return toHex(octets).toUpperCase();
  return `${toHex(octets.subarray(0, MAX_OCTETS)).toUpperCase()}… (${octets.length} octets)`;
}

/** Text without control characters, shortened: it may come from anybody and goes to a terminal. */
export function shortText(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd');
  return clean.length <= MAX_CHARACTERS
    ? clean
    : `${clean.slice(0, MAX_CHARACTERS)}… (${text.length} characters)`;
}

/** Name, tag and length of a TLV, to which a value or what is inside is added. */
export function tlvNode(name: string, { tag, content }: Tlv): Node & { readonly tag: string } {
  return { name, tag: formatTag(tag), length: content.length };
}

/** A tree as indented text, a line per node. */
export function formatNode(node: Node, indent = ''): string {
  const { name, tag, length, value, children = [] } = node;
  const octets = length === undefined ? [] : [`${length} ${length === 1 ? 'octet' : 'octets'}`];
  const place = tag === undefined ? octets : [tag, ...octets];
  const line = `${indent}${name}${place.length > 0 ? ` [${place.join(', ')}]` : ''}${value === undefined ? '' : `: ${value}`}`;
  return [line, ...children.map((child) => formatNode(child, `${indent}  `))].join('\n');
}
