import { takeTurn } from '../../../limits/turns.ts';
import { spreadsheetDecoder } from './encoding.ts';
import { type Line, linesOf } from './lines.ts';

/** Characters of the longest record: it has numbers and names, and no package. A quote that nothing closes ends there too. */
export const LONGEST_RECORD = 262_144;

/** Joins lines whose quotes are open; empty lines are skipped. A record that is too long has no text. */
export async function* recordsOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Line[]> {
  let open: { readonly line: number; readonly texts: string[]; length: number } | undefined;
  for await (const lines of linesOf(pieces, spreadsheetDecoder())) {
    const records: Line[] = [];
    for (const one of lines.map(withoutLongText)) {
      await takeTurn();
      const isOdd = one.text !== undefined && hasOddQuotes(one.text);
      if (open === undefined && !isOdd) {
        if (one.text?.trim() !== '') records.push(one);
        continue;
      }
      open ??= { line: one.line, texts: [], length: 0 };
      open.texts.push(one.text ?? '');
      open.length += 1 + (one.text?.length ?? LONGEST_RECORD);
      const isWhole = open.texts.length > 1 && isOdd;
      const isTooLong = open.length > LONGEST_RECORD;
      if (!isWhole && !isTooLong) continue;
      records.push({ line: open.line, text: isTooLong ? undefined : open.texts.join('\n') });
      open = undefined;
    }
    if (records.length > 0) yield records;
  }
  if (open !== undefined) yield [{ line: open.line, text: open.texts.join('\n') }];
}

const QUOTE = 0x22;

function withoutLongText({ line, text }: Line): Line {
  return { line, text: text !== undefined && text.length > LONGEST_RECORD ? undefined : text };
}

function hasOddQuotes(text: string): boolean {
  if (!text.includes('"')) return false;
  let odd = false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === QUOTE) odd = !odd;
  return odd;
}
