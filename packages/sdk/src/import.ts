import { type Exchange, linesOf } from './http/exchange.ts';
import type { ImportEUICCProfilesQuery, ImportReport } from './models.ts';

/** `ndjson`: a body of createEUICCProfile a line; `csv`: with a line of column names; `zip`: of Profile Packages in DER. */
export type ImportFormat = 'ndjson' | 'csv' | 'zip';

/** How to import. Failed rows come in the reports, if at all. */
export type ImportOptions = Omit<ImportEUICCProfilesQuery, 'failed_rows'> & {
  format: ImportFormat;
  failed_rows?: 'reports';
};

/** What to import. A stream is sent as it comes; browsers other than Chromium, and HTTP/1.1 in all of them, need a Blob. */
export type ImportSource = ReadableStream<Uint8Array> | Blob | string;

export const mediaTypes: Readonly<Record<ImportFormat, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  zip: 'application/zip',
};

/** Sends an import and yields its reports as they arrive. The last one has to be the summary. */
export async function* reportsOf(exchange: Exchange): AsyncGenerator<ImportReport, void, undefined> {
  let last = '';
  for await (const line of linesOf(exchange)) {
    const report = JSON.parse(line) as ImportReport;
    last = report.type;
    yield report;
  }
  if (last !== 'summary') throw exchange.broken('the import ended without a summary');
}
