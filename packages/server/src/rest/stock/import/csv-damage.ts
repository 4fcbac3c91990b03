import { hasForm, type ParameterName, parameterFields } from '@esim-rsp/sgp22/profile/parameter-fields';
import { luhnDigit } from '@esim-rsp/sgp22/value/iccid';

/** What to do about a number that a spreadsheet has changed. */
const again = 'format the column as text, and take the numbers from their source again';

/** What spreadsheets make of long numbers, and how people see it. */
const damages: readonly (readonly [RegExp, string])[] = [
  [/^[+-]?\d+([.,]\d+)?E[+-]?\d+$/i, `is a number such as 8.91E+18, whose last digits are lost: ${again}`],
  [/^[+-]?\d{1,3}([.,'’\s]\d{3})+([.,]\d+)?$/, `has separators of thousands: ${again}`],
  [/^[+-]?\d+[.,]\d+$/, `is a number with decimals: ${again}`],
  [
    /^#/,
    `has an error of the spreadsheet, such as ##### or #REF!: correct the cell, and save the file again`,
  ],
  [/^\d+ \d[\d ]*$/, 'has spaces between its digits: remove them'],
];

/**
 * What is wrong with the text of a parameter in a spreadsheet, in words; undefined: nothing. The text itself is never quoted: where
 * columns are shifted, it may be a key.
 */
export function damageIn(name: ParameterName, text: string): string | undefined {
  if (!hasForm(name, text)) return `${name} ${wrongForm(name, text)}`;
  if (name === 'imsi' && text.startsWith('1'))
    return `imsi begins with 1, as no country code does (ITU-T E.212): a spreadsheet has removed the zeros of 001…; ${again}`;
  return name === 'iccid' ? iccidDamage(text) : undefined;
}

function wrongForm(name: ParameterName, text: string): string {
  const { form } = parameterFields[name];
  const swapped = name === 'iccid' ? swappedIccid(text) : undefined;
  if (swapped !== undefined) return swappedSentence(swapped);
  const damage = damages.find(([pattern]) => pattern.test(text))?.[1];
  if (damage !== undefined) return damage;
  const isNumber = /^\d+$/.test(text);
  const zeros = isNumber ? ': a spreadsheet may have removed zeros at its beginning' : '';
  const inWords = form.replace(/^OPc.*: |;.*$/g, '');
  return `must be ${inWords}, and has ${text.length} characters${zeros}`;
}

function iccidDamage(iccid: string): string | undefined {
  const swapped = swappedIccid(iccid);
  if (swapped !== undefined) return `iccid ${swappedSentence(swapped)}`;
  if (!iccid.startsWith('89')) return 'iccid does not begin with 89, as every ICCID does (ITU-T E.118)';
  if (isRounded(iccid) && rightCheckDigit(iccid) !== undefined)
    return `iccid ends in ${iccid.slice(15)} and its check digit is wrong: a spreadsheet has rounded it to 15 digits; ${again}`;
  return undefined;
}

/** Whether a spreadsheet may have rounded it: they keep 15 digits of a number, and write zeros for the others. */
export function isRounded(iccid: string): boolean {
  return /^\d{15}0{4,5}$/.test(iccid);
}

export const severalRounded = `iccid ends in zeros, like the one before it: a spreadsheet has rounded them to 15 digits; ${again}`;

/** The ICCID of which this is the content of EF.ICCID, whose digits are swapped in pairs (3GPP TS 31.102 4.2.2). */
function swappedIccid(text: string): string | undefined {
  if (!/^98\d{16}(F\d|\d\d)$/i.test(text)) return undefined;
  const iccid = text.replaceAll(/(.)(.)/g, '$2$1').replace(/F$/i, '');
  return /^89\d{17,18}$/.test(iccid) ? iccid : undefined;
}

function swappedSentence(iccid: string): string {
  return `has its digits swapped in pairs, as they are on the card: the ICCID is ${iccid}`;
}

/** The last digit that an ICCID should have; undefined: it has it. */
export function rightCheckDigit(iccid: string): string | undefined {
  const digit = luhnDigit(iccid.slice(0, -1));
  return iccid.endsWith(digit) ? undefined : digit;
}

/** The message about an ICCID that is taken all the same: some real ranges have no check digits. */
export function checkDigitWarning(iccid: string): string | undefined {
  const digit = rightCheckDigit(iccid);
  if (digit === undefined) return undefined;
  return `the check digit of ${iccid} is wrong: it should be ${iccid.slice(0, -1)}${digit}, unless this range has no check digits`;
}
