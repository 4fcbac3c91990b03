import type { EUICCProfileState, GetEUICCProfileResponse, ListEUICCProfilesResponse } from '@esim-rsp/sdk';
import { type Command, Option } from 'commander';
import { CliError, examples } from '../../command.ts';
import { note, show, table } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { numberFrom } from '../../values.ts';

type Options = RestOptions & {
  readonly state?: EUICCProfileState;
  readonly count?: number;
  readonly offset?: number;
  readonly all?: true;
};

const states: readonly EUICCProfileState[] = [
  'AVAILABLE',
  'ALLOCATED',
  'LINKED',
  'CONFIRMED',
  'RELEASED',
  'DOWNLOADED',
  'INSTALLED',
  'ENABLED',
  'DISABLED',
  'DELETED',
  'ERROR',
  'UNAVAILABLE',
];

/** `esim profile list`: a page of the account's profiles, or all of them. */
export function configure(command: Command): void {
  restOptions(command)
    .addOption(new Option('--state <state>', 'only profiles in this state').choices(states))
    .option('--count <n>', 'at most so many, 1 to 1000', numberFrom(1, 1000))
    .option('--offset <n>', 'without the first n', numberFrom(0, 100_000_000))
    .option('--all', 'all, page after page')
    .action(list);
  examples(command, {
    'esim profile list': 'show the first profiles',
    'esim profile list --state RELEASED': 'show those that wait for a phone',
    'esim profile list --all --json': 'all of them, for programs',
  });
}

async function list(options: Options): Promise<void> {
  const { all, count, offset = 0, state, json } = options;
  if (all && count !== undefined) throw new CliError('give either --count or --all', 2);
  const query = { offset, ...(count !== undefined && { count }), ...(state !== undefined && { state }) };
  const page = await askApi(options, async (api) => {
    if (!all) return (await api.listEUICCProfiles(query)).data;
    const profiles = await Array.fromAsync(api.iterateEUICCProfiles({ ...query, count: 1000 }));
    return { total: offset + profiles.length, count: profiles.length, offset, euicc_profiles: profiles };
  });
  show(options, page, table(Object.keys(columns), page.euicc_profiles.map(row)));
  if (!json) note(remark(page));
}

const columns: Readonly<Record<string, (profile: GetEUICCProfileResponse) => string | undefined>> = {
  iccid: ({ iccid }) => iccid,
  state: ({ state }) => state,
  imsi: ({ imsi }) => imsi,
  profile: ({ profile_name }) => profile_name,
  provider: ({ service_provider_name }) => service_provider_name,
  eid: ({ eid }) => eid,
};

function row(profile: GetEUICCProfileResponse): string[] {
  return Object.values(columns).map((value) => value(profile) ?? '');
}

/** How many of how many, and how to see more. */
function remark({ total, offset, euicc_profiles: { length } }: ListEUICCProfilesResponse): string {
  const next = offset + length;
  const more = length > 0 && next < total ? `; the next ones: --offset ${next}, or --all` : '';
  return `${length} of ${total} profiles${more}`;
}
