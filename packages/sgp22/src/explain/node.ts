import { formatTag, type Tlv, toHex } from '@esim-rsp/codec';

/** One line of an explanation with its sub-lines. */
export type Node = {
  readonly name: string;
  /** Identifier octets in hexadecimal, as in the specification: `BF38`. */
  readonly tag?: string;
  /** Number of content octets. */
  readonly length?: number;
  readonly value?: string;
  readonly children?: readonly Node[];
};

export type ExplainOptions = {
  /** Shows secrets. Default: they are replaced by `(secret, hidden)`. */
  readonly showSecrets?: boolean;
};

/** The text in place of a secret. */
export const HIDDEN = '(secret, hidden)';

/** The deepest nesting that is explained. */
export const MAX_DEPTH = 24;

const MAX_OCTETS = 48;
const MAX_CHARACTERS = 200;

/** Hexadecimal text; long values are cut. */
export function shortHex(octets: Uint8Array): string {
  if (octets.length <= MAX_OCTETS + 16) return toHex(octets).toUpperCase();
  return `${toHex(octets.subarray(0, MAX_OCTETS)).toUpperCase()}… (${octets.length} octets)`;
}

/** Text for a terminal: control characters are replaced, long values cut. The text may come from an attacker. */
export function shortText(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd');
  return clean.length <= MAX_CHARACTERS
    ? clean
    : `${clean.slice(0, MAX_CHARACTERS)}… (${text.length} characters)`;
}

/** A node with name, tag and length of a TLV; the caller adds value or children. */
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
