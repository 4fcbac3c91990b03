import { BYTE_ORDER_MARK, spreadsheetLine } from '../../../shapes/csv-text.ts';
import type { ImportReport } from './report.ts';

/** The first column of a file of failed rows; an import ignores it. */
export const REASON_COLUMN = 'import_error';

/**
 * Makes a CSV file of the rows that failed, report by report, to correct and send again: as they came, with the reason in front. Rows that
 * did not come as CSV have their place only. If the import ends early, the last line says why.
 */
export function failedRowsText(): (report: ImportReport) => string {
  let isFirst = true;
  return (report) => {
    if (report.type === 'progress' || report.type === 'warning') return '';
    const { columns, fields, message } = rowIn(report);
    const names = `${BYTE_ORDER_MARK}${spreadsheetLine([REASON_COLUMN, ...columns])}\r\n`;
    const row = message === undefined ? '' : `${spreadsheetLine([message, ...fields])}\r\n`;
    const text = isFirst ? names + row : row;
    isFirst = false;
    return text;
  };
}

function rowIn(report: Exclude<ImportReport, { type: 'progress' | 'warning' }>) {
  if (report.type === 'summary')
    return {
      columns: [],
      fields: [],
      message: report.message && `the import ended early: ${report.message}`,
    };
  const { line, entry = '', iccid = '', message } = report;
  const { columns = ['line', 'entry', 'iccid'], fields = [String(line ?? ''), entry, iccid] } = report;
  return { columns, fields, message };
}
