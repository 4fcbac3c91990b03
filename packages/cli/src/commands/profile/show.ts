import type { GetEUICCProfileResponse } from '@esim-rsp/sdk';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { fields, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { iccidArgument } from '../../values.ts';

/** `esim profile show`: shows a profile. */
export function configure(command: Command): void {
  restOptions(command).argument('<iccid>', 'the profile', iccidArgument).action(showProfile);
  examples(command, {
    'esim profile show 8900101000000000019': 'show the profile with this ICCID',
    'esim profile show 8900101000000000019 --json': 'as JSON, as the API returns it',
  });
}

async function showProfile(iccid: Iccid, options: RestOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.getEUICCProfile(iccid));
  show(options, data, fields(fieldsOf(data)));
}

/** The members in the order of the API, with the members of nested objects. */
function fieldsOf(profile: GetEUICCProfileResponse): [string, string][] {
  const { profile_reuse_policy: policy, last_operation_at, released_at, ...others } = profile; // the dates say the same
  const flat = Object.entries({ ...others, ...(policy && { profile_reuse_policy: reuse(policy) }) });
  return flat.flatMap(([name, value]): [string, string][] => {
    if (Array.isArray(value)) return [[words(name), value.join(', ')]];
    if (typeof value !== 'object' || value === null) return [[words(name), text(name, value)]];
    return Object.entries(value).map(([below, inner]) => [
      `${words(name)} ${words(below)}`,
      text(below, inner),
    ]);
  });
}

type Policy = NonNullable<GetEUICCProfileResponse['profile_reuse_policy']>;

function reuse({ reuse_type, max_count, cooldownPeriod }: Policy): string {
  if (reuse_type === 'NEVER') return reuse_type;
  return `${reuse_type}, at most ${max_count} times, ${cooldownPeriod} seconds after it was deleted`;
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}

/** Members whose names end in _date or _at are Unix seconds. */
function text(name: string, value: unknown): string {
  if (value === '') return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number' && /_(?:date|at)$/.test(name))
    return new Date(value * 1000).toISOString().replace('.000Z', 'Z');
  return String(value);
}
