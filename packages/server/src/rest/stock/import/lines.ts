import { takeTurn } from '../../../limits/turns.ts';
import { type DecodeLine, decodeUtf8 } from './encoding.ts';
import { ImportError, MAX_ROW } from './row.ts';

/** A line without its end; undefined: it is longer than any row may be. */
export type Line = { readonly line: number; readonly text: string | undefined };

const LINE_FEED = 0x0a;
const RETURN = 0x0d;

/** More lines than rows that an import may have, so that empty ones have an end too. */
export const MOST_LINES = 2_000_000;
/** Lines that are passed on together. */
const TOGETHER = 64;

/**
 * Splits octets into lines, which end in LF, CR LF or CR, and passes some of those that end in one piece together. No more of a line is
 * kept than a row may have. Throws an ImportError where there are too many lines.
 */
export async function* linesOf(
  pieces: AsyncIterable<Uint8Array>,
  decode: DecodeLine = decodeUtf8,
): AsyncGenerator<readonly Line[]> {
  const open = openLine(decode);
  let afterReturn = false;
  for await (const piece of pieces) {
    if (piece.length === 0) continue;
    let found: Line[] = [];
    let start = 0;
    if (afterReturn) {
      if (piece[0] === LINE_FEED) start = 1;
      found.push(open.close(start === 1));
    }
    afterReturn = piece.at(-1) === RETURN; // an LF may come in the next piece
    for (const [end, next] of endsIn(piece, start)) {
      open.add(piece.subarray(start, end));
      start = next;
      if (afterReturn && next === piece.length) break;
      found.push(open.close(piece[next - 1] === LINE_FEED));
      if (found.length < TOGETHER) continue;
      yield found;
      found = [];
      await takeTurn();
    }
    open.add(piece.subarray(start));
    if (found.length > 0) yield found;
    await takeTurn();
  }
  const last = open.close(false);
  if (last.text !== '') yield [last];
}

/** The ends of lines in a piece, from `start` on: where each begins, and where the next line does. */
function* endsIn(piece: Uint8Array, start: number): Generator<readonly [end: number, next: number]> {
  let feed = piece.indexOf(LINE_FEED, start);
  let carriage = piece.indexOf(RETURN, start);
  while (feed >= 0 || carriage >= 0) {
    const isFeed = carriage < 0 || (feed >= 0 && feed < carriage);
    const isPair = !isFeed && feed === carriage + 1;
    if (isFeed) yield [feed, feed + 1];
    else yield [carriage, carriage + (isPair ? 2 : 1)];
    if (isFeed || isPair) feed = piece.indexOf(LINE_FEED, feed + 1);
    if (!isFeed) carriage = piece.indexOf(RETURN, carriage + 1);
  }
}

/** The line that is being read. */
function openLine(decode: DecodeLine) {
  let parts: Uint8Array[] = [];
  let length = 0;
  let line = 0;
  let onlyReturns = true;
  return {
    add(part: Uint8Array): void {
      length += part.length;
      if (length > MAX_ROW) parts = [];
      else if (part.length > 0) parts.push(part);
    },
    close(withFeed: boolean): Line {
      line += 1;
      if (withFeed) onlyReturns = false;
      if (line > MOST_LINES) throw new ImportError(`there are more than ${MOST_LINES} lines`);
      const bytes = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
      const text = length > MAX_ROW ? undefined : decode(bytes, onlyReturns && line > 1);
      parts = [];
      length = 0;
      return { line, text: line === 1 ? text?.replace(/^\ufeff+/, '') : text };
    },
  };
}

/** What is wrong with a line before anybody reads it. */
export function faultOf({ text }: Line): string | undefined {
  if (text === undefined) return `has more than ${MAX_ROW} bytes`;
  return text.includes('\ufffd') ? 'is not UTF-8' : undefined;
}
