import { takeTurn } from '../../../limits/turns.ts';
import { spreadsheetDecoder } from './encoding.ts';
import { type Line, linesOf } from './lines.ts';
import { MAX_ROW } from './row.ts';

/** Joins lines whose quotes are open; empty lines are skipped. */
export async function* recordsOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Line[]> {
  let open: { readonly line: number; readonly texts: string[]; length: number } | undefined;
  for await (const lines of linesOf(pieces, spreadsheetDecoder())) {
    const records: Line[] = [];
    for (const one of lines) {
      await takeTurn();
      const isOdd = one.text !== undefined && (await hasOddQuotes(one.text));
      if (open === undefined && !isOdd) {
        if (one.text?.trim() !== '') records.push(one);
        continue;
      }
      open ??= { line: one.line, texts: [], length: 0 };
      open.texts.push(one.text ?? '');
      open.length += one.text?.length ?? MAX_ROW;
      const isWhole = open.texts.length > 1 && isOdd;
      const isTooLong = open.length > MAX_ROW; // a quote that nothing closes
      if (!isWhole && !isTooLong) continue;
      records.push({ line: open.line, text: isTooLong ? undefined : open.texts.join('\n') });
      open = undefined;
    }
    if (records.length > 0) yield records;
  }
  if (open !== undefined) yield [{ line: open.line, text: open.texts.join('\n') }];
}

const QUOTE = 0x22;

/** Characters that are looked at in one turn: a line can have more than a million. */
const AT_ONCE = 100_000;

async function hasOddQuotes(text: string): Promise<boolean> {
  if (!text.includes('"')) return false;
  let odd = false;
  for (let start = 0; start < text.length; start += AT_ONCE) {
    if (start > 0) await takeTurn();
    const end = Math.min(start + AT_ONCE, text.length);
    for (let i = start; i < end; i++) if (text.charCodeAt(i) === QUOTE) odd = !odd;
  }
  return odd;
}
