import type { ListEUICCProfilesQuery } from '@esim-rsp/sdk';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { profileStates } from '@esim-rsp/smdp/state/profile';
import { type Command, Option } from 'commander';
import { sinceFrom, valueBy } from '../values.ts';

/** Which profiles a list or an export has. */
export type FilterOptions = {
  readonly state?: string;
  readonly eid?: string;
  readonly imsi?: string;
  readonly profileType?: string;
  readonly changedSince?: number;
  readonly text?: string;
  readonly sort?: NonNullable<ListEUICCProfilesQuery['sort']>;
};

const states: readonly string[] = profileStates;

export function filterOptions(command: Command): Command {
  return command
    .option('--state <states>', 'only in this state, or in one of these, with commas', valueBy(statesFrom))
    .option('--eid <eid>', 'only linked to, bound to or installed on this eUICC', digits(32, 32))
    .option('--imsi <digits>', 'only with this IMSI', digits(6, 15))
    .option('--profile-type <type>', 'only of this type')
    .option(
      '--changed-since <time>',
      'only whose state changed since: 12h (ago), a date, Unix seconds',
      sinceFrom,
    )
    .option('--text <digits>', 'only whose ICCID (if it begins with 8) or else IMSI begins so', digits(1, 20))
    .addOption(
      new Option('--sort <by>', 'with - the last one first: --sort=-changed_at').choices([
        'iccid',
        '-iccid',
        'changed_at',
        '-changed_at',
      ]),
    );
}

export function filtersFrom(options: FilterOptions): ListEUICCProfilesQuery {
  const { state, eid, imsi, profileType, changedSince, text, sort } = options;
  return {
    ...(state !== undefined && { state }),
    ...(eid !== undefined && { eid }),
    ...(imsi !== undefined && { imsi }),
    ...(profileType !== undefined && { profile_type: profileType }),
    ...(changedSince !== undefined && { changed_since: changedSince }),
    ...(text !== undefined && { text }),
    ...(sort !== undefined && { sort }),
  };
}

function statesFrom(text: string): string {
  const wrong = text.split(',').find((state) => !states.includes(state));
  if (wrong !== undefined) throw new ValueError(`some of ${states.join(',')} are expected`);
  return text;
}

function digits(least: number, most: number): (text: string) => string {
  return valueBy((text) => {
    if (new RegExp(`^\\d{${least},${most}}$`).test(text)) return text;
    throw new ValueError(`${least === most ? least : `${least} to ${most}`} digits are expected`);
  });
}
