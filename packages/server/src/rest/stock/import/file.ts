import { readCsv } from './csv.ts';
import type { CsvTerms } from './csv-columns.ts';
import { utf8From, utf16In } from './encoding.ts';
import { readNdjson, readUpstreamNdjson } from './ndjson.ts';
import { octetsOf } from './octets.ts';
import { ImportError, type ReadRows } from './row.ts';
import { isGzip, unpacked } from './unpacked.ts';
import { readZip } from './zip.ts';
import { isEnd, isEntry } from './zip-head.ts';

export type Format = 'csv' | 'ndjson' | 'zip';

/** The media types of files, and their format; undefined: only the content shows it. Windows and browsers send the last ones. */
export const formatsByType: Readonly<Record<string, Format | undefined>> = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/zip': 'zip',
  'application/x-zip-compressed': 'zip',
  'application/csv': 'csv',
  'application/x-csv': 'csv',
  'text/x-csv': 'csv',
  'text/comma-separated-values': 'csv',
  'text/x-comma-separated-values': 'csv',
  'text/tab-separated-values': 'csv',
  'application/vnd.ms-excel': undefined,
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': undefined,
  'application/gzip': undefined,
  'application/x-gzip': undefined,
  'application/octet-stream': undefined,
  'text/plain': undefined,
};

/** Octets of a zip in which the name of its first file is. */
const HEAD_OF_ZIP = 120;

/** Reads the rows of a file, which may be packed with gzip. `format`: what it must be; by default its content shows it. */
export function readFile(
  format: Format | undefined,
  ignored: readonly string[],
  areAtUpstream = false,
): ReadRows {
  const csv = { ignored, areAtUpstream };
  return async function* (pieces) {
    const octets = octetsOf(pieces);
    try {
      const packed = isGzip(await octets.peek(2));
      if (packed) yield* readUnpacked(format, csv, unpacked(octets.rest()));
      else yield* readUnpacked(format, csv, octets.rest());
    } finally {
      octets.close();
    }
  };
}

async function* readUnpacked(
  format: Format | undefined,
  csv: CsvTerms,
  pieces: AsyncIterable<Uint8Array>,
): ReturnType<ReadRows> {
  const octets = octetsOf(pieces);
  try {
    const beginning = await octets.peek(4);
    const isZip = beginning[0] === 0x50 && beginning[1] === 0x4b;
    const head = isZip ? await octets.peek(HEAD_OF_ZIP) : beginning;
    refuseWorkbook(head);
    const isPackages = isEntry(head) || isEnd(head);
    if (isPackages && format !== undefined && format !== 'zip')
      throw new ImportError('the body is a zip file: send it as Content-Type: application/zip');
    if (isPackages || format === 'zip') return yield* readZip(octets.rest());
    const utf16 = utf16In(beginning);
    const text = utf16 === undefined ? octets.rest() : utf8From(utf16, octets.rest());
    const isNdjson = format === 'ndjson' || (format === undefined && startsWithBrace(beginning));
    const readObjects = csv.areAtUpstream ? readUpstreamNdjson : readNdjson;
    yield* (isNdjson ? readObjects : readCsv(csv.ignored, csv.areAtUpstream))(text);
  } finally {
    octets.close();
  }
}

/** Whether it is JSON, in UTF-8 or UTF-16, behind a byte order mark or not. */
function startsWithBrace(beginning: Uint8Array): boolean {
  return beginning.includes(0x7b);
}

/** Files of spreadsheet programs, by what they begin with. */
function refuseWorkbook(head: Uint8Array): void {
  const text = Buffer.from(head).toString('latin1');
  const isOldExcel = text.startsWith('\xd0\xcf\x11\xe0');
  const isNewOne =
    text.startsWith('PK') &&
    /\[Content_Types\]\.xml|xl\/|_rels\/|docProps\/|mimetypeapplication\/vnd|Index\/.*\.iwa/.test(text);
  if (!isOldExcel && !isNewOne) return;
  throw new ImportError(
    'the body is a workbook (such as .xlsx), and not text: save it in the spreadsheet program as CSV UTF-8, and send that file',
  );
}
