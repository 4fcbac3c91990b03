import type { ESIMRSPApi, EUICCProfileState, GetEUICCProfileResponse } from '@esim-rsp/sdk';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show, table } from '../../output.ts';
import { asking } from '../../rest/api.ts';
import { type ApiOptions, apiOptions } from '../../rest/options.ts';
import { states } from '../../rest/words.ts';
import { numberFrom, oneOf } from '../../values.ts';

type Options = ApiOptions & {
  readonly state?: EUICCProfileState;
  readonly count: number;
  readonly offset: number;
  readonly all?: true;
};

/** `esim profile list`: the profiles of the account, by ICCID. */
export function configure(command: Command): void {
  apiOptions(command)
    .option('--state <state>', 'only profiles in this state', oneOf(states))
    .option('--count <number>', 'how many to show', numberFrom(1, 1000), 100)
    .option('--offset <number>', 'how many to pass over first', numberFrom(0, 100_000_000), 0)
    .option('--all', 'show all of them')
    .action(list);
  examples(command, {
    'esim profile list': 'show the first hundred',
    'esim profile list --state RELEASED --all': 'show every profile that waits for a phone',
    'esim profile list --count 10 --offset 20 --json': 'a page for programs',
  });
}

type Listed = { readonly total: number; readonly profiles: readonly GetEUICCProfileResponse[] };

async function list(options: Options): Promise<void> {
  const { total, profiles } = await asking(options, (api) =>
    options.all ? everything(api, options) : page(api, options),
  );
  const shown = profiles.length === total ? `${total} profiles` : `${profiles.length} of ${total} profiles`;
  const text = profiles.length === 0 ? shown : `${table(heads, profiles.map(row))}\n${shown}`;
  show(options, { total, euicc_profiles: profiles }, text);
}

async function page(api: ESIMRSPApi, { count, offset, state }: Options): Promise<Listed> {
  const { data } = await api.listEUICCProfiles({ count, offset, ...(state && { state }) });
  return { total: data.total, profiles: data.euicc_profiles };
}

async function everything(api: ESIMRSPApi, { state }: Options): Promise<Listed> {
  const profiles = await Array.fromAsync(api.iterateEUICCProfiles({ count: 1000, ...(state && { state }) }));
  return { total: profiles.length, profiles };
}

const heads = ['iccid', 'state', 'name', 'imsi', 'eid'] as const;

function row({ iccid, state, profile_name = '', imsi, eid = '' }: GetEUICCProfileResponse): string[] {
  return [iccid, state, profile_name, imsi, eid];
}
