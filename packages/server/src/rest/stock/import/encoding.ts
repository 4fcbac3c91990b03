import { ImportError } from './row.ts';

/** Which UTF-16 the text of a file has: by its byte order mark, or because one octet of its first character is zero. */
export function utf16In([a, b, c, d]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (a === 0xff && b === 0xfe && c === 0 && d === 0)
    throw new ImportError('the file is in UTF-32: save it as CSV UTF-8');
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === undefined || b === undefined) return undefined;
  if (a !== 0 && b === 0) return 'utf-16le';
  return a === 0 && b !== 0 ? 'utf-16be' : undefined;
}

/** Converts pieces of UTF-16 to pieces of UTF-8. */
export async function* utf8From(
  encoding: 'utf-16le' | 'utf-16be',
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of pieces) yield Buffer.from(decoder.decode(piece, { stream: true }));
  const rest = decoder.decode();
  if (rest !== '') yield Buffer.from(rest);
}

/** Reads the octets of a line; U+FFFD replaces what it cannot read. `onlyReturns`: so far, lines end in CR alone. */
export type DecodeLine = (octets: Uint8Array, onlyReturns: boolean) => string;

export const decodeUtf8: DecodeLine = ({ buffer, byteOffset, length }) =>
  Buffer.from(buffer, byteOffset, length).toString('utf8');

const windows1252 = new TextDecoder('windows-1252');
const notAscii = /[^\p{ASCII}]/u;
/** Octets that no letter of Windows-1252 has. */
const unassigned = /[\u0080-\u009f]/;

/**
 * Reads UTF-8, or Windows-1252 as of the first line that is not UTF-8. A file that mixes them is damaged. Old Macs end lines in CR, and
 * have another set of letters, which looks like Windows-1252: these lines are not read.
 */
export function spreadsheetDecoder(): DecodeLine {
  let known: 'utf-8' | 'windows-1252' | undefined;
  return (octets, onlyReturns) => {
    const text = known === 'windows-1252' ? '\ufffd' : decodeUtf8(octets, onlyReturns);
    if (!text.includes('\ufffd')) {
      if (known === undefined && notAscii.test(text)) known = 'utf-8';
      return text;
    }
    if (known === 'utf-8' || onlyReturns) return text;
    const converted = windows1252.decode(octets);
    if (unassigned.test(converted)) return `${converted}\ufffd`;
    known = 'windows-1252';
    return converted;
  };
}
