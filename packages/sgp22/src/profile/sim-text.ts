import { ValueError } from '../value/value-error.ts';

/**
 * Texts in files of a SIM (ETSI TS 102 221 annex A): one octet a character of the GSM 7-bit default alphabet, or UCS2
 * in one of three codings, which start with 80, 81 or 82. FF fills the rest of the field.
 */

/** GSM 7-bit default alphabet (3GPP TS 23.038 6.2.1); its place 1B is the escape to the extension table. */
const DEFAULT =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const ESCAPE = 0x1b;
/** Characters of the extension table (6.2.1.1), which take two octets. */
const EXTENSION: ReadonlyMap<string, number> = new Map([
  ['\f', 0x0a],
  ['^', 0x14],
  ['{', 0x28],
  ['}', 0x29],
  ['\\', 0x2f],
  ['[', 0x3c],
  ['~', 0x3d],
  [']', 0x3e],
  ['|', 0x40],
  ['€', 0x65],
]);
const EXTENDED = new Map([...EXTENSION].map(([character, octet]) => [octet, character]));

/**
 * The octets of a text in a field of `size` octets: in the GSM alphabet if that has all its characters and fits, for every
 * terminal reads it, otherwise in the shortest coding. Throws a ValueError where no coding fits, or where UCS2 has no code
 * for a character.
 */
export function writeSimText(text: string, size: number): Uint8Array {
  const octets = codingFor(text, size);
  if (octets.length > size)
    throw new ValueError(
      `has at most ${size} octets on a SIM, this text needs ${octets.length}: shorten it (${size} characters of the GSM alphabet, ${size - 3} of one other script, or ${(size - 1) >> 1} of several)`,
    );
  const field = new Uint8Array(size).fill(0xff);
  field.set(octets);
  return field;
}

/** Whether a text fits into a field of `size` octets. */
export function fitsSimText(text: string, size: number): boolean {
  if (text.length > size) return false;
  try {
    return codingFor(text, size).length <= size;
  } catch (error) {
    if (error instanceof ValueError) return false;
    throw error;
  }
}

function codingFor(text: string, size: number): readonly number[] {
  for (const character of text)
    if (!isUcs2(character))
      throw new ValueError(
        `contains ${characterName(character)}, which a SIM cannot store: UCS2 has at most the characters up to U+FFFE, and no surrogates`,
      );
  const gsm = gsmCoding(text);
  if (gsm !== undefined && gsm.length <= size) return gsm;
  const codings = [gsm, plainUcs2(text), coding81(text), coding82(text)].filter(
    (octets) => octets !== undefined,
  );
  return codings.reduce((best, next) => (next.length < best.length ? next : best));
}

function isUcs2(character: string): boolean {
  return character.length === 1 && !/[\ud800-\udfff\uffff]/.test(character);
}

function characterName(character: string): string {
  return `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The code in the default alphabet; undefined: it is not there. */
function defaultCode(character: string): number | undefined {
  const code = DEFAULT.indexOf(character);
  return code < 0 || code === ESCAPE ? undefined : code;
}

function gsmCoding(text: string): number[] | undefined {
  const octets: number[] = [];
  for (const character of text) {
    const extended = EXTENSION.get(character);
    const code = extended ?? defaultCode(character);
    if (code === undefined) return undefined;
    octets.push(...(extended === undefined ? [code] : [ESCAPE, extended]));
  }
  return octets;
}

function plainUcs2(text: string): number[] {
  return [0x80, ...[...text].flatMap((character) => [unit(character) >> 8, unit(character) & 0xff])];
}

function unit(character: string): number {
  return character.charCodeAt(0);
}

/** Half a page of UCS2 that starts at a multiple of 128 below 8000, and the default alphabet. */
function coding81(text: string): number[] | undefined {
  const page = lowestOutsideDefault(text) >> 7;
  if (page > 0xff) return undefined;
  return withBase(text, page << 7, [0x81, text.length, page]);
}

/** 128 codes of UCS2 from any base on, and the default alphabet. */
function coding82(text: string): number[] | undefined {
  const base = lowestOutsideDefault(text);
  return withBase(text, base, [0x82, text.length, base >> 8, base & 0xff]);
}

function lowestOutsideDefault(text: string): number {
  let lowest = 0xffff;
  for (const character of text)
    if (defaultCode(character) === undefined) lowest = Math.min(lowest, unit(character));
  return lowest;
}

function withBase(text: string, base: number, start: readonly number[]): number[] | undefined {
  if (text.length > 0xff) return undefined; // the number of characters is one octet
  const octets: number[] = [...start];
  for (const character of text) {
    const offset = unit(character) - base;
    const code = defaultCode(character) ?? (offset >= 0 && offset < 128 ? 0x80 + offset : undefined);
    if (code === undefined) return undefined;
    octets.push(code);
  }
  return octets;
}

/** The text of a field; undefined where nothing is written. What cannot be read becomes `?`. */
export function readSimText(field: Uint8Array): string | undefined {
  const text = textOf(field);
  return text === '' ? undefined : text;
}

function textOf(field: Uint8Array): string {
  const [scheme = 0xff, length = 0, third = 0, fourth = 0] = field;
  if (scheme === 0xff) return '';
  if (scheme === 0x80) return readUcs2(field.subarray(1));
  if (scheme === 0x81) return readWithBase(field.subarray(3, 3 + length), third << 7);
  if (scheme === 0x82) return readWithBase(field.subarray(4, 4 + length), third * 256 + fourth);
  const end = field.indexOf(0xff);
  return readGsm(end < 0 ? field : field.subarray(0, end));
}

function readUcs2(octets: Uint8Array): string {
  let text = '';
  for (let i = 0; i + 1 < octets.length; i += 2) {
    const code = (octets[i] as number) * 256 + (octets[i + 1] as number);
    if (code === 0xffff) break;
    text += String.fromCharCode(code);
  }
  return text;
}

/** Octets below 80 are of the GSM alphabet, the others count from the base on. */
function readWithBase(octets: Uint8Array, base: number): string {
  let text = '';
  for (let at = 0; at < octets.length; ) {
    const octet = octets[at] as number;
    if (octet >= 0x80) {
      text += String.fromCharCode(base + octet - 0x80);
      at++;
    } else {
      const end = octets.findIndex((each, i) => i > at && each >= 0x80);
      const run = octets.subarray(at, end < 0 ? undefined : end);
      text += readGsm(run);
      at += run.length;
    }
  }
  return text;
}

/** An escape to a place that the extension table leaves empty shows the character of the default alphabet (6.2.1.1). */
function readGsm(octets: Uint8Array): string {
  let text = '';
  let escaped = false;
  for (const octet of octets) {
    const extended = escaped ? EXTENDED.get(octet) : undefined;
    if (octet === ESCAPE && !escaped) escaped = true;
    else {
      text += extended ?? (octet === ESCAPE ? ' ' : (DEFAULT[octet] ?? '?'));
      escaped = false;
    }
  }
  return text;
}
