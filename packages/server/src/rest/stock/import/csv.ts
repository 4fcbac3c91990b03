import { takeTurn } from '../../../limits/turns.ts';
import { type CsvColumns, columnsIn } from './csv-columns.ts';
import { fieldsOf, MOST_FIELDS } from './csv-fields.ts';
import { faultOf, type Line, linesOf } from './lines.ts';
import { ImportError, MAX_ROW, type ReadRows, type Row } from './row.ts';

/**
 * Comma-separated values (RFC 4180) with a line of column names, also with semicolons or tabs; a quoted field may have
 * line ends. `ignored`: columns to skip. Throws an ImportError for column names that do not make a profile.
 */
export function readCsv(ignored: readonly string[]): ReadRows {
  return async function* (pieces) {
    let columns: CsvColumns | undefined;
    for await (const records of recordsOf(pieces)) {
      const rows: Row[] = [];
      for (const record of records) {
        await takeTurn();
        if (columns === undefined) columns = columnsIn(textOf(record), ignored);
        else rows.push(rowOf(columns, record));
      }
      if (rows.length > 0) yield rows;
    }
    if (columns === undefined) throw new ImportError('there is no line of column names');
  };
}

/** Characters of the line of column names. */
const LONGEST_NAMES = 65_536;

function textOf(record: Line): string {
  const fault = faultOf(record);
  if (fault !== undefined) throw new ImportError(`the line of column names ${fault}`);
  const text = record.text as string;
  if (text.length > LONGEST_NAMES)
    throw new ImportError(`the line of column names has more than ${LONGEST_NAMES} characters`);
  return text;
}

function rowOf(columns: CsvColumns, record: Line): Row {
  const { line, text } = record;
  const fault = faultOf(record);
  if (fault !== undefined) return { line, fault };
  const values = fieldsOf(text as string, columns.delimiter);
  if (values === undefined)
    return { line, fault: 'has a quote inside a field: quotes go around whole fields' };
  if (values.length !== columns.count)
    return {
      line,
      fault: `has ${values.length > MOST_FIELDS ? `more than ${MOST_FIELDS}` : values.length} fields, but there are ${columns.count} column names`,
    };
  return { line, body: columns.bodyOf(values) };
}

/** Joins lines whose quotes are open; empty lines are skipped. */
async function* recordsOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Line[]> {
  let open: { readonly line: number; readonly texts: string[]; length: number } | undefined;
  for await (const lines of linesOf(pieces)) {
    const records: Line[] = [];
    for (const one of lines) {
      await takeTurn();
      const isOdd = one.text !== undefined && hasOddQuotes(one.text);
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

function hasOddQuotes(text: string): boolean {
  if (!text.includes('"')) return false;
  let odd = false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === QUOTE) odd = !odd;
  return odd;
}
