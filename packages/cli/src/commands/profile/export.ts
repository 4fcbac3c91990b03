import type { GetEUICCProfileResponse } from '@esim-rsp/sdk';
import { type Command, Option } from 'commander';
import { examples, helpText } from '../../command.ts';
import { jsonOf, writeLine } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type FilterOptions, filterOptions, filtersFrom } from '../../rest/list-filters.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';

type Options = RestOptions & FilterOptions & { readonly format: 'ndjson' | 'csv' };

/** `esim profile export`: writes profiles as the API returns them, without collecting them first. */
export function configure(command: Command): void {
  filterOptions(restOptions(command))
    .addOption(
      new Option('--format <format>', 'ndjson: one JSON object per line; csv: a table for spreadsheets')
        .choices(['ndjson', 'csv'])
        .default('ndjson'),
    )
    .addHelpText(
      'after',
      helpText(
        'The export contains activation codes, which are secrets. It contains no keys: the API never returns Ki and OPc.',
      ),
    )
    .action(exportProfiles);
  examples(command, {
    'esim profile export > profiles.ndjson': 'all profiles',
    'esim profile export --format csv --state RELEASED > waiting.csv':
      'the released profiles, for a spreadsheet',
  });
}

async function exportProfiles(options: Options): Promise<void> {
  const lineOf = options.format === 'csv' && !options.json ? csvLine : jsonOf;
  if (lineOf === csvLine) await writeLine(columns.join(','));
  await askApi(options, async (api) => {
    for await (const profile of api.iterateEUICCProfiles({ ...filtersFrom(options), count: 1000 }))
      await writeLine(lineOf(profile));
  });
}

const columns = [
  'iccid',
  'state',
  'imsi',
  'profile_type',
  'service_provider_name',
  'profile_name',
  'last_operation_date',
  'eid',
  'activation_code',
  'matching_id',
  'release_date',
  'order_expires_at',
  'cc_required',
] as const satisfies readonly (keyof GetEUICCProfileResponse)[];

function csvLine(profile: GetEUICCProfileResponse): string {
  return columns.map((name) => field(String(profile[name] ?? ''))).join(',');
}

/** RFC 4180. A spreadsheet would run a field that starts with one of these as a formula, so a quote precedes it. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
