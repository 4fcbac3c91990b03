import type { Command } from 'commander';
import { CliError } from '../command.ts';

/** Of lists that have pages. */
export type AllOption = { readonly all?: true; readonly count?: number };

/** Adds `--all`: the command requests one page after the other. */
export function allOption(command: Command): Command {
  return command.option('--all', 'everything from there on, page by page; not with --count');
}

/** Members a page has: `--all` requests the largest pages. */
export function pageSize({ all, count }: AllOption): { count?: number } {
  if (all && count !== undefined) throw new CliError('use either --count or --all', 2);
  if (all) return { count: 1000 };
  return count === undefined ? {} : { count };
}
