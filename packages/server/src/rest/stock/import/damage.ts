import { hasForm, type ParameterName, parameterFields } from '@esim-rsp/sgp22/profile/parameter-fields';
import { luhnDigit } from '@esim-rsp/sgp22/value/iccid';

/** What is wrong with the parameters of a row, and what is doubtful about them. */
export type Checked = { readonly damages: readonly Damage[]; readonly warning: string | undefined };
export type Damage = { readonly name: string; readonly message: string };

/** What a profile is built from must have. Of one that an upstream has, the ICCID is enough. */
const ALL = ['iccid', 'imsi', 'ki', 'opc'] as const;
export const neededOf = (areAtUpstream: boolean): readonly string[] => (areAtUpstream ? ['iccid'] : ALL);

/**
 * Checks the parameters of a row. Values that are not text are those of JSON; parameters that are not known are left to the validation.
 */
export function damagesIn(
  parameters: Readonly<Record<string, unknown>>,
  needed: readonly string[],
): readonly Damage[] {
  const missing = needed.filter((name) => parameters[name] === undefined);
  return [
    ...missing.map((name) => ({ name, message: 'is missing' })),
    ...Object.entries(parameters).flatMap(([name, value]) => {
      const message = isParameter(name) && value !== undefined ? damageOf(name, value) : undefined;
      return message === undefined ? [] : [{ name, message }];
    }),
  ];
}

/**
 * Checks the parameters of rows of a spreadsheet, in their order: whether it has rounded the ICCID, too, which the one before it can show.
 */
export function sheetChecker(
  needed: readonly string[],
): (parameters: Readonly<Record<string, string>>) => Checked {
  let roundedBefore = false;
  return (parameters) => {
    const { iccid = '' } = parameters;
    const damages = [...damagesIn(parameters, needed)];
    const rounded = isRounded(iccid);
    const message = rounded && (roundingOf(iccid) ?? (roundedBefore ? severalRounded : undefined));
    if (message && damages.every(({ name }) => name !== 'iccid')) damages.push({ name: 'iccid', message });
    roundedBefore = rounded;
    return { damages, warning: damages.length > 0 ? undefined : checkDigitWarning(iccid) };
  };
}

/** The sentences of damages, as one. */
export function sentenceOf(damages: readonly Damage[]): string {
  return damages.map(({ name, message }) => `${name} ${message}`).join('; ');
}

function isParameter(name: string): name is ParameterName {
  return Object.hasOwn(parameterFields, name);
}

function damageOf(name: ParameterName, value: unknown): string | undefined {
  if (name === 'mnc_length') return hasForm(name, String(value)) ? undefined : 'must be 2 or 3';
  if (typeof value === 'string') return damageIn(name, value);
  return 'must be a text in quotes: a number loses its zeros and its last digits';
}

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
  [/^(?:nan|null|none|n\/?a|nil|[-–—]+)$/i, 'is a word for nothing, such as NULL or -: leave the cell empty'],
  [/["'`“”„‟‘’‚«»]/, 'has quotes in it: remove them'],
  [/\(0\)/, 'has (0), which is dialled inside the country only: write the number as +49151…, without it'],
  [/^0x/i, 'begins with 0x: remove it'],
  [
    /^\+?[0-9a-f]+(?:[\s().:/-]+[0-9a-f]+)+$/i,
    'has spaces or other characters between its digits: remove them',
  ],
  [/(?![0-9])\p{Nd}/u, 'has digits of another script: write them as 0 to 9'],
];

/**
 * What is wrong with the text of a parameter in a spreadsheet, in words; undefined: nothing. The text itself is never quoted: where
 * columns are shifted, it may be a key.
 */
function damageIn(name: ParameterName, text: string): string | undefined {
  if (!hasForm(name, text)) return wrongForm(name, text);
  if (name === 'imsi' && text.startsWith('1'))
    return `begins with 1, as no country code does (ITU-T E.212): a spreadsheet has removed the zeros of 001…; ${again}`;
  if (name === 'imsi' && /^0(?!01)/.test(text))
    return `begins with 0, as no country code but 001 does (ITU-T E.212): a spreadsheet may have removed a zero; ${again}`;
  return name === 'iccid' ? iccidDamage(text) : undefined;
}

/** Characters of the longest value in which a mistake is searched for: longer ones are not numbers that somebody wrote in another way. */
const LONGEST_EXAMINED = 200;

function wrongForm(name: ParameterName, whole: string): string {
  const { form } = parameterFields[name];
  const text = whole.slice(0, LONGEST_EXAMINED);
  const swapped = name === 'iccid' ? swappedIccid(text) : name === 'imsi' ? swappedImsi(text) : undefined;
  if (swapped !== undefined) return swappedSentence(name, swapped);
  const damage = damages.find(([pattern]) => pattern.test(text))?.[1];
  if (damage !== undefined) return damage;
  const inWords = form.replace(/^OPc.*: |;.*$/g, '');
  if (name === 'algorithm') return `must be ${inWords}`;
  const hasLostZeros = /^\d+$/.test(text) && mayHaveLostZeros(name, text);
  const zeros = hasLostZeros ? ': a spreadsheet may have removed zeros at its beginning' : '';
  return `must be ${inWords}, and has ${whole.length === 1 ? '1 character' : `${whole.length} characters`}${zeros}`;
}

/** Whether some zeros in front make it right. */
function mayHaveLostZeros(name: ParameterName, text: string): boolean {
  return Array.from({ length: 32 }, (_, i) => '0'.repeat(i + 1)).some((zeros) => hasForm(name, zeros + text));
}

function iccidDamage(iccid: string): string | undefined {
  const swapped = swappedIccid(iccid);
  if (swapped !== undefined) return swappedSentence('iccid', swapped);
  if (!iccid.startsWith('89')) return 'does not begin with 89, as every ICCID does (ITU-T E.118)';
  return undefined;
}

function roundingOf(iccid: string): string | undefined {
  if (rightCheckDigit(iccid) === undefined) return undefined;
  return `ends in ${iccid.slice(15)} and its check digit is wrong: a spreadsheet has rounded it to 15 digits; ${again}`;
}

/** Whether a spreadsheet may have rounded it: they keep 15 digits of a number, and write zeros for the others. */
function isRounded(iccid: string): boolean {
  return /^\d{15}0{4,5}$/.test(iccid);
}

const severalRounded = `ends in zeros, like the one before it: a spreadsheet has rounded them to 15 digits; ${again}`;

/** The ICCID of which this is the content of EF.ICCID, whose digits are swapped in pairs (3GPP TS 31.102 4.2.2). */
function swappedIccid(text: string): string | undefined {
  if (!/^98\d{16}(F\d|\d\d)$/i.test(text)) return undefined;
  const iccid = text.replaceAll(/(.)(.)/g, '$2$1').replace(/F$/i, '');
  return /^89\d{17,18}$/.test(iccid) ? iccid : undefined;
}

/** The IMSI of which this is the content of EF.IMSI: a length, then digits in pairs behind one that says whether their number is odd. */
function swappedImsi(text: string): string | undefined {
  if (!/^0[4-8][0-9a-f]{10,16}$/i.test(text) || text.length !== 2 + 2 * Number(text[1])) return undefined;
  const [parity = '', ...digits] = text.slice(2).replaceAll(/(.)(.)/g, '$2$1');
  const imsi = digits.join('').replace(/f$/i, '');
  return /[19]/.test(parity) && /^\d{6,15}$/.test(imsi) ? imsi : undefined;
}

function swappedSentence(name: string, number: string): string {
  return `has its digits swapped in pairs, as they are on the card: the ${name.toUpperCase()} is ${number}`;
}

/** The last digit that an ICCID should have; undefined: it has it. */
function rightCheckDigit(iccid: string): string | undefined {
  const digit = luhnDigit(iccid.slice(0, -1));
  return iccid.endsWith(digit) ? undefined : digit;
}

/** The message about an ICCID that is taken all the same: some real ranges have no check digits. */
function checkDigitWarning(iccid: string): string | undefined {
  const digit = rightCheckDigit(iccid);
  if (digit === undefined) return undefined;
  return `the check digit of ${iccid} is wrong: it should be ${iccid.slice(0, -1)}${digit}, unless this range has no check digits`;
}
