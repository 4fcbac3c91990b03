import type { GetEUICCProfileResponse, ListEUICCProfilesResponse } from '@esim-rsp/sdk';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { note } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type FilterOptions, filterOptions, filtersFrom } from '../../rest/list-filters.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';
import { numberFrom } from '../../values.ts';

type Options = RestOptions &
  TableOptions &
  FilterOptions & {
    readonly count?: number;
    readonly offset?: number;
    readonly cursor?: string;
    readonly all?: true;
  };

/** The API skips no more. */
const HIGHEST_OFFSET = 10_000;

/** `esim profile list`: lists a page of the account's profiles, or all. */
export function configure(command: Command): void {
  tableOptions(filterOptions(restOptions(command)), tableColumns)
    .option('--count <n>', 'number of profiles, 1 to 1000', numberFrom(1, 1000))
    .option(
      '--offset <n>',
      `skip the first n profiles, ${HIGHEST_OFFSET} at most; not with filters, except one state`,
      numberFrom(0, HIGHEST_OFFSET),
    )
    .option('--cursor <cursor>', 'continue after the previous page')
    .option('--all', 'all profiles')
    .action(list);
  examples(command, {
    'esim profile list': 'the first profiles',
    'esim profile list --state RELEASED': 'profiles that wait for a phone',
    'esim profile list --state ERROR,DELETED --changed-since 1d --sort=-last_operation_date':
      'failed and deleted ones of the last day',
    'esim profile list --all --json': 'all profiles, as JSON',
  });
}

async function list(options: Options): Promise<void> {
  const { all, count, offset, cursor, json } = options;
  if (all && count !== undefined) throw new CliError('use either --count or --all', 2);
  if (offset !== undefined && cursor !== undefined) throw new CliError('use either --offset or --cursor', 2);
  const query = {
    ...(count !== undefined && { count }),
    ...(offset !== undefined && { offset }),
    ...(cursor !== undefined && { cursor }),
    ...filtersFrom(options),
  };
  const page = await askApi(options, async (api) => {
    if (!all) return (await api.listEUICCProfiles(query)).data;
    const profiles = await Array.fromAsync(api.iterateEUICCProfiles({ ...query, count: 1000 }));
    const skipped = offset ?? 0;
    const counts = { total: skipped + profiles.length, count: profiles.length, offset: skipped };
    return { ...counts, euicc_profiles: profiles };
  });
  showTable(options, page, tableColumns, page.euicc_profiles.map(row));
  if (!json) note(remark(page));
}

const cells: Readonly<Record<string, (profile: GetEUICCProfileResponse) => string | undefined>> = {
  iccid: ({ iccid }) => iccid,
  state: ({ state }) => state,
  imsi: ({ imsi }) => imsi,
  msisdn: ({ msisdn }) => msisdn,
  profile: ({ profile_name }) => profile_name,
  provider: ({ service_provider_name }) => service_provider_name,
  eid: ({ eid }) => eid,
};

const tableColumns: Columns = {
  names: Object.keys(cells),
  dropFirst: ['msisdn', 'provider', 'imsi', 'eid'],
};

function row(profile: GetEUICCProfileResponse): string[] {
  return Object.values(cells).map((value) => value(profile) ?? '');
}

/** How many profiles the page has, and how to see more. */
function remark(page: ListEUICCProfilesResponse): string {
  const { total, offset = 0, next_cursor, search_limited } = page;
  const { length } = page.euicc_profiles;
  if (total === undefined) {
    const rest = search_limited ? 'the search was ended early; to continue' : 'the next ones';
    return `${length} profiles${next_cursor === undefined ? '' : `; ${rest}: --cursor ${next_cursor}, or --all`}`;
  }
  const next = offset + length;
  const place =
    next > HIGHEST_OFFSET && next_cursor !== undefined ? `--cursor ${next_cursor}` : `--offset ${next}`;
  const more = length > 0 && next < total ? `; the next ones: ${place}, or --all` : '';
  return `${length} of ${total} profiles${more}`;
}
