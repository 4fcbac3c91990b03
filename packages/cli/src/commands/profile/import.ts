import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ImportFormat, ImportReport, ImportSummary } from '@esim-rsp/sdk';
import { escapeText } from '@esim-rsp/sgp22/value/text';
import { type Command, Option } from 'commander';
import { CliError, examples, helpText } from '../../command.ts';
import { jsonOf, note } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { newFailedFile } from '../../rest/failed-file.ts';
import { importProgress } from '../../rest/import-progress.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';

type Options = RestOptions & {
  readonly format?: ImportFormat;
  readonly profileType?: string;
  readonly serviceProviderName?: string;
  readonly profileName?: string;
  readonly upstream?: string;
  readonly ignoreColumns?: string;
  readonly failedTo?: string;
  readonly dryRun?: true;
  readonly allowDuplicateImsi?: true;
};

const formats: readonly ImportFormat[] = ['ndjson', 'csv', 'zip'];

/** `esim profile import`: creates many profiles from a file. */
export function configure(command: Command): void {
  restOptions(command.argument('<file>', 'NDJSON, CSV, or a zip of profile packages; - for stdin'))
    .addOption(
      new Option('--format <format>', 'format of the file; by default its name decides').choices(formats),
    )
    .option('--profile-type <type>', 'your name for this type of profile, for rows without one')
    .option('--service-provider-name <name>', 'provider name that users see, for rows without one')
    .option('--profile-name <name>', 'profile name that users see, for rows without one')
    .option('--upstream <name>', 'the profiles are at this upstream: rows have an ICCID and no package')
    .option('--ignore-columns <names>', 'CSV columns to ignore, separated by commas')
    .option(
      '--failed-to <file>',
      'new CSV file for the rows that failed, with the reasons: correct and import it',
    )
    .option('--dry-run', 'check every row and report what would be created, but write nothing')
    .option(
      '--allow-duplicate-imsi',
      'take rows whose IMSI another profile has; without it they fail, unless that profile is DELETED or UNAVAILABLE',
    )
    .addHelpText(
      'after',
      helpText(
        'CSV starts with a line of column names: iccid, imsi, ki, opc, and optionally msisdn, pin1, pin2, puk1, puk2, adm1, spn, profile_name, profile_type, profile_class, algorithm, mnc_length, smsc; or profile_package (in base64). Case, spaces and _ do not matter. Separate fields with commas, semicolons, tabs or |. NDJSON has one JSON object per line: the body of a POST /euicc-profiles. The command prints each failed row and creates the others. If the import was interrupted, start it again: it skips the profiles that exist.',
      ),
    )
    .action(importFile);
  examples(command, {
    'esim profile import stock.csv --profile-type basic': 'create the profiles of a file',
    'esim profile import packages.zip': 'a zip with one profile package (DER) per file',
    'zcat stock.ndjson.gz | esim profile import - --format ndjson': 'from the output of another program',
    'esim profile import stock.csv --dry-run': 'check a file before it is imported',
    'esim profile import list.csv --upstream vendor --profile-type travel':
      'the list of ICCIDs that a vendor has sent',
    'esim profile import stock.csv --failed-to failed.csv':
      'keep the failed rows, to correct and import them',
    'esim profile import stock.csv --json': 'print failures and the summary, one JSON object per line',
  });
}

async function importFile(file: string, options: Options): Promise<void> {
  const format = options.format ?? formatOf(file);
  const { stream, size } = await openSource(file);
  const failed = options.failedTo === undefined ? undefined : newFailedFile(options.failedTo);
  const progress = importProgress(size);
  let summary: ImportSummary | undefined;
  await askApi(options, async (api) => {
    const source = Readable.toWeb(stream) as ReadableStream<Uint8Array>;
    for await (const report of api.importEUICCProfiles(source, { format, ...defaultsFrom(options) })) {
      if (report.type === 'error') failed?.write(report);
      if (report.type === 'progress') progress.show(report);
      else printReport(report, options, progress.clear);
      if (report.type === 'summary') summary = report;
    }
  }).finally(() => {
    progress.clear();
    failed?.close();
    stream.destroy();
  });
  if (summary?.complete === false)
    throw new CliError(
      `the import ended early: ${summary.message}\n  ${summary.dry_run ? 'nothing was written' : 'the created profiles are saved'}; start the import again`,
    );
  if (summary !== undefined && summary.failed > 0)
    throw new CliError(`${summary.failed} of ${summary.rows} rows failed`);
}

/** Failures go to stderr, the summary to stdout; with --json both to stdout. */
function printReport(
  report: Exclude<ImportReport, { type: 'progress' }>,
  { json }: Options,
  clear: () => void,
): void {
  clear();
  if (json) process.stdout.write(`${jsonOf(withoutRow(report))}\n`);
  else if (report.type === 'error') {
    const { line, entry, iccid, message } = report;
    const place = line === undefined ? (entry as string) : `line ${line}`;
    note(escapeText(`${place}${iccid === undefined ? '' : ` (${iccid})`}: ${message}`));
  } else if (report.type === 'warning') note(`warning: line ${report.line}: ${escapeText(report.message)}`);
  else {
    const { rows, created, exists, failed, dry_run } = report;
    const would = dry_run ? 'would be created' : 'created';
    const nothing = dry_run ? '; this was a dry run: nothing was written' : '';
    process.stdout.write(
      `${rows} rows: ${created} ${would}, ${exists} existed, ${failed} failed${nothing}\n`,
    );
  }
}

/** The keys in a row belong into the file only. */
function withoutRow(report: ImportReport): ImportReport {
  if (report.type !== 'error') return report;
  const { columns: _columns, fields: _fields, ...rest } = report;
  return rest;
}

function defaultsFrom(options: Options) {
  const { profileType, serviceProviderName, profileName, upstream, ignoreColumns, failedTo } = options;
  return {
    ...(options.dryRun && { dry_run: true }),
    ...(options.allowDuplicateImsi && { allow_duplicate_imsi: true }),
    ...(failedTo !== undefined && { failed_rows: 'reports' as const }),
    ...(profileType !== undefined && { profile_type: profileType }),
    ...(serviceProviderName !== undefined && { service_provider_name: serviceProviderName }),
    ...(profileName !== undefined && { profile_name: profileName }),
    ...(upstream !== undefined && { upstream }),
    ...(ignoreColumns !== undefined && { ignore_columns: ignoreColumns }),
  };
}

function formatOf(file: string): ImportFormat {
  const ending = /\.(\w+)(?:\.gz)?$/i.exec(file)?.[1]?.toLowerCase() ?? '';
  const format = { csv: 'csv', tsv: 'csv', txt: 'csv', ndjson: 'ndjson', jsonl: 'ndjson', zip: 'zip' }[
    ending
  ];
  if (format === undefined)
    throw new CliError(`the name of ${file} does not show its format: add --format ${formats.join('|')}`, 2);
  return format as ImportFormat;
}

async function openSource(file: string): Promise<{ readonly stream: Readable; readonly size?: number }> {
  if (file === '-') return { stream: process.stdin };
  try {
    const { size } = await stat(file);
    const stream: ReadStream = createReadStream(file, { highWaterMark: 262_144 });
    await new Promise((resolve, reject) => stream.once('open', resolve).once('error', reject));
    return { stream, size };
  } catch (error) {
    throw new CliError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
