import type { GetEUICCProfileResponse } from '@esim-rsp/sdk';
import { type Command, Option } from 'commander';
import { examples } from '../../command.ts';
import { writeLine } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type FilterOptions, filterOptions, filtersFrom } from '../../rest/list-filters.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';

type Options = RestOptions & FilterOptions & { readonly format: 'ndjson' | 'csv' };

/** `esim profile export`: what the API shows of profiles, as it comes. */
export function configure(command: Command): void {
  filterOptions(restOptions(command))
    .addOption(
      new Option('--format <format>', 'a JSON object a line, or a table for spreadsheets')
        .choices(['ndjson', 'csv'])
        .default('ndjson'),
    )
    .addHelpText(
      'after',
      '\nIt has activation codes, which are secrets, and no keys (Ki, OPc): nobody gets those back.',
    )
    .action(exportProfiles);
  examples(command, {
    'esim profile export > profiles.ndjson': 'everything',
    'esim profile export --format csv --state RELEASED > waiting.csv': 'for a spreadsheet',
  });
}

async function exportProfiles(options: Options): Promise<void> {
  const lineOf = options.format === 'csv' && !options.json ? csvLine : JSON.stringify;
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

/** RFC 4180. A spreadsheet takes what begins with one of these for a formula, so a quote goes before it. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
