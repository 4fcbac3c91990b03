import { type Tlv, tagText, toHex } from '@esim-rsp/codec';

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

export type Shown = {
  /** Shows what is secret as it is; else it is replaced by a remark. */
  readonly showSecrets?: boolean;
};

/** Stands in place of a secret; its length is no secret. */
export const HIDDEN = '(secret, hidden)';

/** The deepest nesting that is followed. */
export const MAX_DEPTH = 24;

const SHOWN_OCTETS = 48;
const SHOWN_CHARACTERS = 200;

/** Hexadecimal text, shortened where it is long: octets that say nothing by themselves. */
export function shortHex(octets: Uint8Array): string {
  if (octets.length <= SHOWN_OCTETS + 16) return toHex(octets).toUpperCase();
  return `${toHex(octets.subarray(0, SHOWN_OCTETS)).toUpperCase()}… (${octets.length} octets)`;
}

/** Text without control characters, shortened: it may come from anybody and goes to a terminal. */
export function shortText(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd');
  return clean.length <= SHOWN_CHARACTERS
    ? clean
    : `${clean.slice(0, SHOWN_CHARACTERS)}… (${text.length} characters)`;
}

/** Name, tag and length of a TLV, to which a value or what is inside is added. */
export function head(name: string, { tag, content }: Tlv): Node & { readonly tag: string } {
  return { name, tag: tagText(tag), length: content.length };
}

/** A tree as indented text, a line per node. */
export function nodeText(node: Node, indent = ''): string {
  const { name, tag, length, value, children = [] } = node;
  const octets = length === undefined ? [] : [`${length} ${length === 1 ? 'octet' : 'octets'}`];
  const place = tag === undefined ? octets : [tag, ...octets];
  const line = `${indent}${name}${place.length > 0 ? ` [${place.join(', ')}]` : ''}${value === undefined ? '' : `: ${value}`}`;
  return [line, ...children.map((child) => nodeText(child, `${indent}  `))].join('\n');
}
