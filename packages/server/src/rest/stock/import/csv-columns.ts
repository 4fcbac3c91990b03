import { fitsServiceProviderName } from '@esim-rsp/sgp22/profile/build';
import { type ParameterName, parameterFields } from '@esim-rsp/sgp22/profile/parameter-fields';
import { fieldsOf } from './csv-fields.ts';
import { ImportError } from './row.ts';

/** Where a column's value goes: into the parameters that a profile is built from, or into the request. */
type Target = { readonly name: string; readonly inParameters: boolean };

const parameterNames = Object.keys(parameterFields) as ParameterName[];
const parameter = (name: ParameterName): Target => ({ name, inParameters: true });
const label = (name: string): Target => ({ name, inParameters: false });

/** Column names as operators write them, in small letters and without spaces, `_`, `-` and `.`. */
const targets: Readonly<Record<string, Target>> = {
  ...Object.fromEntries(parameterNames.map((name) => [plain(name), parameter(name)])),
  phonenumber: parameter('msisdn'),
  k: parameter('ki'),
  topc: parameter('opc'),
  pin: parameter('pin1'),
  puk: parameter('puk1'),
  adm: parameter('adm1'),
  kic: parameter('kic1'),
  kid: parameter('kid1'),
  kik: parameter('kik1'),
  spn: label('service_provider_name'),
  serviceprovidername: label('service_provider_name'),
  profilename: label('profile_name'),
  profileclass: label('profile_class'),
  profiletype: label('profile_type'),
  profilepackage: label('profile_package'),
  upp: label('profile_package'),
  protection: label('protection'),
};

export type CsvColumns = {
  readonly delimiter: string;
  readonly count: number;
  /** What createEUICCProfile takes as its body, unchecked; an empty field is an absent one. */
  readonly bodyOf: (values: readonly string[]) => unknown;
};

/** Reads the line of column names; throws an ImportError that says what is wrong with it. */
export function columnsIn(text: string, ignored: readonly string[]): CsvColumns {
  const delimiter = delimiterIn(text);
  const names = (fieldsOf(text, delimiter) ?? []).map((name) => name.trim());
  const passedOver = new Set(ignored.map(plain));
  const columns = names.map((name) => (passedOver.has(plain(name)) ? undefined : targets[plain(name)]));
  const unknown = names.filter((name, i) => columns[i] === undefined && !passedOver.has(plain(name)));
  if (unknown.length > 0)
    throw new ImportError(
      `the column names ${unknown.map((name) => JSON.stringify(name.slice(0, 40))).join(', ')} are not known: say so in ignore_columns if they do not matter`,
    );
  const known = columns.filter((column) => column !== undefined).map(({ name }) => name);
  const twice = known.find((name, i) => known.indexOf(name) !== i);
  if (twice !== undefined) throw new ImportError(`two columns are called ${twice}`);
  const wanted = known.includes('profile_package') ? [] : ['iccid', 'imsi', 'ki', 'opc'];
  const missing = wanted.filter((name) => !known.includes(name));
  if (missing.length > 0)
    throw new ImportError(
      `there is no column called ${missing.join(', ')}: the first line has the column names, such as iccid, imsi, ki, opc`,
    );
  return { delimiter, count: names.length, bodyOf: (values) => bodyOf(columns, values) };
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_.-]/g, '');
}

/** Whichever of them is there most. */
function delimiterIn(text: string): string {
  const count = (delimiter: string) => text.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
}

function bodyOf(columns: readonly (Target | undefined)[], values: readonly string[]): unknown {
  const parameters: Record<string, unknown> = {};
  const labels: Record<string, unknown> = {};
  for (const [i, column] of columns.entries()) {
    const value = values[i]?.trim() ?? '';
    if (column === undefined || value === '') continue;
    const members = column.inParameters ? parameters : labels;
    members[column.name] = column.name === 'mnc_length' ? Number(value) : value;
  }
  if ('profile_package' in labels && !('ki' in parameters || 'opc' in parameters)) return labels; // it says who it is
  const { service_provider_name: spn } = labels;
  if (typeof spn === 'string' && fitsServiceProviderName(spn)) parameters.service_provider_name = spn;
  return { parameters, ...labels };
}
