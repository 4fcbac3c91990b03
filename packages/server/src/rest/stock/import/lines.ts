import { takeTurn } from '../../../limits/turns.ts';
import { ImportError, MAX_ROW } from './row.ts';

/** A line without its end; undefined: it is longer than any row may be. */
export type Line = { readonly line: number; readonly text: string | undefined };

const LINE_FEED = 0x0a;

/** More lines than rows that an import may have, so that empty ones have an end too. */
const MOST_LINES = 2_000_000;
/** Lines that are passed on together. */
const TOGETHER = 64;

/**
 * Splits octets into lines of UTF-8, and passes some of those that end in one piece together. No more of a line is kept than a row may
 * have. Throws an ImportError where there are too many lines.
 */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Line[]> {
  const open = openLine();
  for await (const piece of pieces) {
    let found: Line[] = [];
    let start = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, start)) {
      open.add(piece.subarray(start, end));
      found.push(open.close());
      start = end + 1;
      if (found.length < TOGETHER) continue;
      yield found;
      found = [];
      await takeTurn();
    }
    open.add(piece.subarray(start));
    if (found.length > 0) yield found;
    await takeTurn();
  }
  const last = open.close();
  if (last.text !== '') yield [last];
}

/** The line that is being read. */
function openLine() {
  let parts: Uint8Array[] = [];
  let length = 0;
  let line = 0;
  return {
    add(part: Uint8Array): void {
      length += part.length;
      if (length > MAX_ROW) parts = [];
      else if (part.length > 0) parts.push(part);
    },
    close(): Line {
      line += 1;
      if (line > MOST_LINES) throw new ImportError(`there are more than ${MOST_LINES} lines`);
      const bytes = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
      const text = length > MAX_ROW ? undefined : textOf(bytes, line === 1);
      parts = [];
      length = 0;
      return { line, text };
    },
  };
}

function textOf({ buffer, byteOffset, length }: Uint8Array, first: boolean): string {
  const text = Buffer.from(buffer, byteOffset, length).toString('utf8');
  const begin = first && text.startsWith('\ufeff') ? 1 : 0;
  return text.slice(begin, text.endsWith('\r') ? -1 : undefined);
}

/** What is wrong with a line before anybody reads it. */
export function faultOf({ text }: Line): string | undefined {
  if (text === undefined) return `has more than ${MAX_ROW} bytes`;
  return text.includes('\ufffd') ? 'is not UTF-8' : undefined;
}
