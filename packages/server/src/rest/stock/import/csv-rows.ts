import { fitsServiceProviderName } from '@esim-rsp/sgp22/profile/build';
import type { ParameterName } from '@esim-rsp/sgp22/profile/parameter-fields';
import type { CsvColumns } from './csv-columns.ts';
import { MOST_FIELDS } from './csv-fields.ts';
import { sentenceOf, sheetChecker } from './damage.ts';
import type { RowContent } from './row.ts';

/** Reads records of a file, in their order. */
export function csvRowReader({
  names,
  columns,
  needed,
}: CsvColumns): (fields: readonly string[]) => RowContent {
  const check = sheetChecker(needed);
  return (fields) => {
    const fault = countFault(fields, names) ?? namelessFault(fields, names);
    if (fault !== undefined) return { fault };
    const { parameters, labels } = valuesOf(columns, fields);
    if ('profile_package' in labels && !('ki' in parameters || 'opc' in parameters)) return { body: labels }; // it says who it is
    const { iccid = '' } = parameters;
    const { damages, warning } = check(parameters);
    if (damages.length > 0)
      return { fault: sentenceOf(damages), ...(/^89\d{17,18}$/.test(iccid) && { iccid }) };
    return { body: bodyOf(parameters, labels), ...(warning && { warning }) };
  };
}

type Texts = Record<string, string>;

/** Too many fields, unless those are empty; or too few, unless their columns have no names. */
function countFault(fields: readonly string[], names: readonly string[]): string | undefined {
  const isEven =
    fields.length > names.length
      ? fields.slice(names.length).every((field) => field === '')
      : names.slice(fields.length).every((name) => name === '');
  if (isEven && fields.length <= MOST_FIELDS) return undefined;
  const count = fields.length > MOST_FIELDS ? `more than ${MOST_FIELDS}` : fields.length;
  return `has ${count} fields, but there are ${names.length} column names`;
}

function namelessFault(fields: readonly string[], names: readonly string[]): string | undefined {
  const at = names.findIndex((name, i) => name === '' && (fields[i] ?? '') !== '');
  return at < 0
    ? undefined
    : `has something in column ${at + 1}, which has no name: name it, or correct a delimiter too many`;
}

/** What the fields say; an empty field is an absent one. */
function valuesOf(columns: CsvColumns['columns'], fields: readonly string[]) {
  const [parameters, labels]: [Texts, Texts] = [{}, {}];
  for (const [i, column] of columns.entries()) {
    const value = fields[i] ?? '';
    if (column === undefined || value === '') continue;
    if (!column.inParameters) labels[column.name] = value;
    else parameters[column.name] = cleaned(column.name, value);
  }
  return { parameters, labels };
}

/** As JSON has it: an ICCID without the F that fills the card's file, and an algorithm in small letters. */
function cleaned(name: ParameterName, text: string): string {
  if (name === 'msisdn' || name === 'smsc') return phoneNumberIn(text);
  if (name === 'iccid') return text.replace(/^(89\d*)F{1,2}$/i, '$1');
  return name === 'algorithm' ? text.toLowerCase() : text;
}

/** Without what people write between the digits of a phone number. A zero in parentheses is no part of the number abroad, so it stays wrong. */
function phoneNumberIn(text: string): string {
  return /^\+?[\d\s()/-]+$/.test(text) && !text.includes('(0)') ? text.replace(/[\s()/-]/g, '') : text;
}

/** What createEUICCProfile takes as its body, unchecked. */
function bodyOf({ mnc_length, ...texts }: Texts, labels: Texts): unknown {
  const { service_provider_name: spn } = labels;
  const parameters = {
    ...texts,
    ...(mnc_length !== undefined && { mnc_length: Number(mnc_length) }),
    ...(spn !== undefined && fitsServiceProviderName(spn) && { service_provider_name: spn }),
  };
  return { parameters, ...labels };
}
