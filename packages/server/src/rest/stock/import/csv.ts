import { takeTurn } from '../../../limits/turns.ts';
import { type CsvColumns, type CsvTerms, columnsIn, declaredDelimiter } from './csv-columns.ts';
import { fieldsOf, MOST_FIELDS } from './csv-fields.ts';
import { LONGEST_RECORD, recordsOf } from './csv-records.ts';
import { csvRowReader } from './csv-rows.ts';
import { REASON_COLUMN } from './failed-rows.ts';
import { faultOf, type Line } from './lines.ts';
import { ImportError, type ReadRows, type Row, type RowSource } from './row.ts';

/**
 * Comma-separated values (RFC 4180) with a line of column names, and what spreadsheets write as such: semicolons, tabs or `|` instead of
 * commas, other line ends and encodings, a line `sep=;`, delimiters too many. Octets become lines, records, fields and rows, in this order.
 * Throws an ImportError for column names that do not make a profile.
 */
export function readCsv(ignored: readonly string[], areAtUpstream = false): ReadRows {
  return async function* (pieces) {
    const file = csvFile({ ignored, areAtUpstream });
    for await (const records of recordsOf(pieces)) {
      const rows: Row[] = [];
      for (const record of records) {
        await takeTurn();
        const row = file.read(record);
        if (row !== undefined) rows.push(row);
      }
      if (rows.length > 0) yield rows;
    }
    if (!file.hasNames()) throw new ImportError('there is no line of column names');
  };
}

/** What was read of a file so far. */
function csvFile(terms: CsvTerms) {
  let delimiter: string | undefined;
  let readRow: ((record: Line) => Row | undefined) | undefined;
  return {
    hasNames: () => readRow !== undefined,
    /** undefined: the record is no row. */
    read(record: Line): Row | undefined {
      if (readRow !== undefined) return readRow(record);
      const text = namesIn(record);
      if (hasNothing.test(text)) return undefined;
      const declared = delimiter === undefined ? declaredDelimiter(text) : undefined;
      if (declared === undefined) readRow = rowReader(columnsIn(text, terms, delimiter));
      else delimiter = declared;
      return undefined;
    },
  };
}

/** Delimiters and quotes only. */
const hasNothing = /^[\s,;|"]*$/;

/** Characters of the line of column names. */
const LONGEST_NAMES = 65_536;

function namesIn(record: Line): string {
  if (/^\s*</.test(record.text ?? ''))
    throw new ImportError(
      'the body is HTML or XML, as some programs write it into .xls files: save it as CSV UTF-8',
    );
  const fault = faultOf(record) && unreadable(record);
  if (fault !== undefined) throw new ImportError(`the line of column names ${fault}`);
  const text = record.text as string;
  if (text.length > LONGEST_NAMES)
    throw new ImportError(`the line of column names has more than ${LONGEST_NAMES} characters`);
  return text;
}

function rowReader(file: CsvColumns): (record: Line) => Row | undefined {
  const read = csvRowReader(file);
  const source = sourceReader(file);
  return (record) => {
    const { line, text = '' } = record;
    if (faultOf(record) !== undefined) return { line, fault: unreadable(record), source: source([text]) };
    const fields = fieldsOf(text, file.delimiter);
    if (fields === undefined)
      return {
        line,
        fault: 'has a quote inside a field: quotes go around whole fields',
        source: source([text]),
      };
    const isBlank =
      fields.length <= MOST_FIELDS && fields.every((field, i) => field === '' || isReason(file, i));
    const isNames =
      fields.length === file.names.length && fields.every((field, i) => field === file.names[i]);
    return isBlank || isNames ? undefined : { line, ...read(fields), source: source(fields) };
  };
}

function isReason({ names }: CsvColumns, index: number): boolean {
  return names[index] === REASON_COLUMN;
}

/** Rows as they came, without the reason for which they failed before. */
function sourceReader(file: CsvColumns): (fields: string[]) => RowSource {
  const isOwn = (_: string, i: number) => !isReason(file, i);
  const columns = file.names.filter(isOwn);
  return (fields) => ({ columns, fields: fields.length === 1 ? fields : fields.filter(isOwn) });
}

function unreadable(record: Line): string {
  if (record.text === undefined) return `has more than ${LONGEST_RECORD} characters: is a quote left open?`;
  return 'has letters that are neither UTF-8, UTF-16 nor Windows-1252: save the file as CSV UTF-8';
}
