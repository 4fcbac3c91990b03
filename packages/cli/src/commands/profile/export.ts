import { type ExportEUICCProfilesQuery, type ExportFormat, exportFormats } from '@esim-rsp/sdk';
import { BYTE_ORDER_MARK } from '@esim-rsp/server/shapes/csv-text';
import { type Command, Option } from 'commander';
import { examples, helpText } from '../../command.ts';
import { writeLine } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type FilterOptions, filterOptions, filtersFrom } from '../../rest/list-filters.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';

type Options = RestOptions & FilterOptions & { readonly format: ExportFormat; readonly columns?: string };

/** `esim profile export`: writes profiles as the API returns them, without collecting them first. */
export function configure(command: Command): void {
  filterOptions(restOptions(command))
    .addOption(
      new Option(
        '--format <format>',
        'ndjson: one JSON object per line; csv: a table for spreadsheets; plain_csv: a table for programs',
      )
        .choices(exportFormats)
        .default('ndjson'),
    )
    .option('--columns <list>', 'only these columns, in this order, such as iccid,msisdn,activation_code')
    .addHelpText(
      'after',
      helpText(
        'The export contains activation_code and matching_id only if --columns names them: they are secrets, and need a key with the permission codes. It contains no keys: the API never returns Ki and OPc. A spreadsheet keeps long numbers of the format csv as text, and runs nothing as a formula.',
      ),
    )
    .action(exportProfiles);
  examples(command, {
    'esim profile export > profiles.ndjson': 'all profiles',
    'esim profile export --format csv --state RELEASED > waiting.csv':
      'the released profiles, for a spreadsheet',
    'esim profile export --format csv --columns iccid,msisdn,state --changed-since 7d':
      'three columns of what changed in the last week',
  });
}

async function exportProfiles(options: Options): Promise<void> {
  const { columns } = options;
  const query: ExportEUICCProfilesQuery = {
    ...filtersFrom(options),
    format: options.json ? 'ndjson' : options.format,
    ...(columns !== undefined && { columns }),
  };
  await askApi(options, async (api) => {
    for await (const line of api.exportEUICCProfiles(query)) await writeText(line);
  });
}

/** A line of the export: the mark at its beginning is no text. */
async function writeText(line: string): Promise<void> {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (!text.startsWith(BYTE_ORDER_MARK)) return writeLine(text);
  process.stdout.write(BYTE_ORDER_MARK);
  await writeLine(text.slice(BYTE_ORDER_MARK.length));
}
