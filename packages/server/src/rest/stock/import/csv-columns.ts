import { type ParameterName, parameterFields } from '@esim-rsp/sgp22/profile/parameter-fields';
import { fieldsOf } from './csv-fields.ts';
import { neededOf } from './damage.ts';
import { REASON_COLUMN } from './failed-rows.ts';
import { ImportError } from './row.ts';

/** Where a column's value goes: into the parameters that a profile is built from, or into the request. */
export type Column =
  | { readonly name: ParameterName; readonly inParameters: true }
  | { readonly name: string; readonly inParameters: false };

const parameterNames = Object.keys(parameterFields) as ParameterName[];
const parameter = (name: ParameterName): Column => ({ name, inParameters: true });
const label = (name: string): Column => ({ name, inParameters: false });

/** Column names as operators write them, in small letters and without anything between letters and digits. */
const columnsByName: ReadonlyMap<string, Column> = new Map([
  ...parameterNames.map((name) => [plain(name), parameter(name)] as const),
  ['phonenumber', parameter('msisdn')],
  ['k', parameter('ki')],
  ['topc', parameter('opc')],
  ['pin', parameter('pin1')],
  ['puk', parameter('puk1')],
  ['adm', parameter('adm1')],
  ['kic', parameter('kic1')],
  ['kid', parameter('kid1')],
  ['kik', parameter('kik1')],
  ['spn', label('service_provider_name')],
  ['serviceprovidername', label('service_provider_name')],
  ['profilename', label('profile_name')],
  ['profileclass', label('profile_class')],
  ['profiletype', label('profile_type')],
  ['profilepackage', label('profile_package')],
  ['upp', label('profile_package')],
  ['protection', label('protection')],
]);

/** The columns of a file. */
export type CsvColumns = {
  readonly delimiter: string;
  /** As they are in the file. */
  readonly names: readonly string[];
  /** undefined: it is ignored, or has no name. */
  readonly columns: readonly (Column | undefined)[];
  /** Parameters that each row must have. */
  readonly needed: readonly string[];
};

const delimiters: readonly string[] = [',', ';', '\t', '|'];

/** The delimiter that a line `sep=;` says, as spreadsheets write it before the column names; undefined: it is no such line. */
export function declaredDelimiter(text: string): string | undefined {
  return /^"?sep=(.)"?[,;\t|\s]*$/i.exec(text)?.[1];
}

/** What the columns of a file have to be. */
export type CsvTerms = {
  /** Names of columns to skip. */
  readonly ignored: readonly string[];
  /** Whether an upstream has the profiles: their rows have no package, keys or codes. */
  readonly areAtUpstream: boolean;
};

/** Reads the line of column names; throws an ImportError that says what is wrong with it. */
export function columnsIn(text: string, { ignored, areAtUpstream }: CsvTerms, declared?: string): CsvColumns {
  const delimiter = declared ?? delimiterIn(text);
  const names = fieldsOf(text, delimiter);
  if (names === undefined)
    throw new ImportError('a quote in the line of column names is wrong: quotes go around whole names');
  const isIgnored = new Set([...ignored, REASON_COLUMN].map(plain));
  const columns = names.map((name) => (isIgnored.has(plain(name)) ? undefined : columnOf(name)));
  const unknown = names.flatMap((name, i) =>
    name === '' || isIgnored.has(plain(name)) || columns[i] ? [] : [[name, i] as const],
  );
  const known = columns.flatMap((column) => column?.name ?? []);
  const hasValues =
    !names.every((name) => name === '' || isSurelyName(name)) &&
    (known.length === 0 || names.some(looksLikeValue));
  if (unknown.length > 0 && hasValues) throw new ImportError(known.length === 0 ? noNames : valuesInNames);
  if (unknown.length > 0)
    throw new ImportError(
      `the column names ${unknown.map(([name, i]) => shown(name, i)).join(', ')} are not known: say so in ignore_columns if they do not matter`,
    );
  const needed = neededOf(areAtUpstream);
  if (areAtUpstream) mustBeOfUpstream(columns);
  mustBeComplete(known, needed);
  return { delimiter, names, columns, needed };
}

const noNames =
  'the first line has no column names that are known: it must have names such as iccid, imsi, ki, opc, separated by commas, semicolons, tabs or |';
const valuesInNames =
  'the first line has values next to column names: the file has no line ends that are known (LF, CR LF or CR), or a column without a name';

/** What is known here of a profile that an upstream has. */
const upstreamParameters: readonly string[] = ['iccid', 'imsi', 'msisdn'];

function mustBeOfUpstream(columns: CsvColumns['columns']): void {
  const isOther = (column: Column | undefined) =>
    column !== undefined &&
    (column.inParameters
      ? !upstreamParameters.includes(column.name)
      : /package|protection/.test(column.name));
  const others = columns.flatMap((column) => (isOther(column) ? (column?.name ?? []) : []));
  if (others.length === 0) return;
  throw new ImportError(
    `profiles of an upstream have no ${others.join(', ')} here: say so in ignore_columns if the file has it`,
  );
}

function mustBeComplete(known: readonly string[], needed: readonly string[]): void {
  const twice = known.find((name, i) => known.indexOf(name) !== i);
  if (twice !== undefined) throw new ImportError(`two columns are called ${twice}`);
  const wanted = known.includes('profile_package') ? [] : needed;
  const missing = wanted.filter((name) => !known.includes(name));
  if (missing.length > 0)
    throw new ImportError(
      `there is no column called ${missing.join(', ')}: the first line has the column names, such as iccid, imsi, ki, opc`,
    );
}

function columnOf(name: string): Column | undefined {
  return columnsByName.get(plain(name));
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** A number or a key where a name is expected: it may be a secret, and nothing of this line is quoted. */
function looksLikeValue(name: string): boolean {
  return /\d{4}|[0-9a-f]{8}/i.test(name) || name.length > 40;
}

/** Only what is surely a name is quoted. */
function shown(name: string, index: number): string {
  return isSurelyName(name) ? JSON.stringify(name) : `of column ${index + 1}`;
}

function isSurelyName(name: string): boolean {
  return /^\p{L}[\p{L} _./()#-]{0,39}\d?\)?$/u.test(name) && !looksLikeValue(name);
}

/** Whichever of them separates most known names, or is there most. */
function delimiterIn(text: string): string {
  const score = (delimiter: string) => {
    const names = fieldsOf(text, delimiter) ?? [];
    return names.filter((name) => columnOf(name)).length * 1000 + names.length;
  };
  return delimiters.reduce((best, next) => (score(next) > score(best) ? next : best));
}
