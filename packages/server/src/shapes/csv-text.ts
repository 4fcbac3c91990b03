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

/** A number that every spreadsheet keeps as it is. */
const safeNumber = /^(?:0|[1-9]\d{0,10})$/;
const month =
  'jan(?:uary?)?|feb(?:ruary?)?|mar(?:ch)?|mär[zs]?|apr(?:il)?|may|mai|jun[ei]?|jul[yi]?|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?';
/**
 * What a spreadsheet takes for a number or a date that it shows in another way: more than 11 digits, zeros in front, a phone number, an
 * exponent, decimals, and dates such as 3-4, 1/2/2030 or MAR-1.
 */
const endangered = new RegExp(
  `^(?=.*\\d)(?:(?:[\\d .,:/%+()$€£¥-]|\\dE[+-]?\\d){1,40}|(?:\\d{1,4}[ ./-]{0,2})?(?:${month})[ ./-]{0,2}\\d{0,4})$`,
  'i',
);
/** What begins a formula, or what the import takes for the sign of text. */
const formula = /^(?:[=+\-@\t\r＝＋－＠]|'['\d=+\-@＝＋－＠])/;

function protectedText(text: string): string {
  if (!safeNumber.test(text) && endangered.test(text)) return `="${text}"`;
  return formula.test(text) ? `'${text}` : text;
}
