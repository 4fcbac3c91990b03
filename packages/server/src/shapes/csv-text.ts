/** CSV that spreadsheets show as it is, and that the import reads back. */

/** Spreadsheets guess CSV UTF-8 by this character at its beginning. */
export const BYTE_ORDER_MARK = '\ufeff';

/** A line of CSV (RFC 4180), without its end. */
export function csvLine(fields: readonly string[]): string {
  return fields.map((field) => quoted(field)).join(',');
}

/** The same, for spreadsheets: long numbers stay text, and nothing is run as a formula. */
export function spreadsheetLine(fields: readonly string[]): string {
  return fields.map((field) => quoted(protectedText(field))).join(',');
}

function quoted(text: string): string {
  return /[",;\t|\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a spreadsheet takes for a number that it cannot keep: more than 11 digits, zeros in front, a phone number, or an exponent. */
const endangered = /^(?:\d{12,}|0\d+|\+\d+|\d+E\d+)$/i;
/** What begins a formula, or what the import takes for the sign of text. */
const formula = /^(?:[=+\-@\t\r＝＋－＠]|'['\d=+\-@＝＋－＠])/;

function protectedText(text: string): string {
  if (endangered.test(text)) return `="${text}"`;
  return formula.test(text) ? `'${text}` : text;
}
