import {
  euiccProfileStates,
  type ListEUICCProfilesQuery,
  type ProfileSort,
  profileSorts,
} from '@esim-rsp/sdk';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Command, Option } from 'commander';
import { sinceFrom, valueBy } from '../values.ts';

/** The filters of a list or an export. */
export type FilterOptions = {
  readonly state?: string;
  readonly eid?: string;
  readonly imsi?: string;
  readonly msisdn?: string;
  readonly profileType?: string;
  readonly changedSince?: string;
  readonly changedUntil?: string;
  readonly text?: string;
  readonly sort?: ProfileSort;
};

const states: readonly string[] = euiccProfileStates;

export function filterOptions(command: Command): Command {
  return command
    .option(
      '--state <states>',
      'only profiles in this state, or in one of several, separated by commas',
      valueBy(statesFrom),
    )
    .option(
      '--eid <eid>',
      'only profiles that are linked to, bound to or installed on this eUICC',
      digits(32, 32),
    )
    .option('--imsi <digits>', 'only the profile with this IMSI', digits(6, 15))
    .option('--msisdn <number>', 'only profiles with this phone number; + or 00 in front does not matter')
    .option('--profile-type <type>', 'only profiles of this type')
    .option(
      '--changed-since <time>',
      'only profiles whose state changed since then: 12h (ago), a date, or Unix seconds',
      sinceFrom,
    )
    .option(
      '--changed-until <time>',
      'only profiles whose state changed before this time, in the same forms',
      sinceFrom,
    )
    .option(
      '--text <digits>',
      'only profiles whose ICCID (if the text starts with 8) or IMSI starts with this',
      digits(1, 20),
    )
    .addOption(
      new Option(
        '--sort <by>',
        'order of the list; with a leading - the order is reversed: --sort=-last_operation_date',
      ).choices(profileSorts),
    );
}

export function filtersFrom(options: FilterOptions): ListEUICCProfilesQuery {
  const { state, eid, imsi, msisdn, profileType, changedSince, changedUntil, text, sort } = options;
  return {
    ...(state !== undefined && { state }),
    ...(eid !== undefined && { eid }),
    ...(imsi !== undefined && { imsi }),
    ...(msisdn !== undefined && { msisdn }),
    ...(profileType !== undefined && { profile_type: profileType }),
    ...(changedSince !== undefined && { changed_since: changedSince }),
    ...(changedUntil !== undefined && { changed_until: changedUntil }),
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
