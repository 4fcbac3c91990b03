import { type LogSort, logSorts } from '@esim-rsp/sdk';
import { type Command, Option } from 'commander';
import { CliError } from '../command.ts';
import { note } from '../output.ts';
import { numberFrom, sinceFrom } from '../values.ts';

/** Which part of events, of the audit log, or of deliveries a command shows. */
export type LogOptions = {
  readonly sort?: LogSort;
  readonly since?: string;
  readonly until?: string;
  readonly cursor?: string;
  readonly count?: number;
  readonly all?: true;
};

/** Adds the options that all commands have for lists of `items`. */
export function logOptions(command: Command, items: string): Command {
  return command
    .addOption(new Option('--sort <order>', 'the newest or the oldest first').choices(logSorts))
    .option('--since <time>', `only ${items} since then: 12h (ago), a date, or Unix seconds`, sinceFrom)
    .option('--until <time>', `only ${items} before then`, sinceFrom)
    .option('--cursor <cursor>', 'continue after the previous page')
    .option('--count <n>', `number of ${items}, 1 to 1000`, numberFrom(1, 1000))
    .option('--all', 'everything from there on, page by page; not with --count');
}

/** Adds `--types`, where the items are events or about events. */
export function typesOption(command: Command): Command {
  return command.option(
    '--types <list>',
    'only these types, separated by commas, such as profile.installed,profile.error',
  );
}

/** The members of a query for a page; `--all` requests the largest pages. */
export function logQueryFrom({ sort, since, until, cursor, count, all }: LogOptions) {
  if (all && count !== undefined) throw new CliError('use either --count or --all', 2);
  return {
    ...(cursor !== undefined && { cursor }),
    ...(all ? { count: 1000 } : count !== undefined && { count }),
    ...(sort !== undefined && { sort }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}

type Page = { readonly next_cursor?: string; readonly more?: boolean; readonly search_limited?: boolean };

/** Says how to continue where a page is not the last. */
export function noteNextPage({ next_cursor, more, search_limited }: Page, items: string): void {
  if (!more) return;
  const why = search_limited ? `the search for ${items} was ended early` : `there are more ${items}`;
  note(`${why}; to continue: --cursor ${next_cursor}, or --all`);
}
