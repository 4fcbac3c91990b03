import type { RequestOptions } from '@esim-rsp/sdk';
import type { Command } from 'commander';
import { numberFrom } from '../values.ts';

export type WaitOptions = { readonly wait?: number };

/** Adds `--wait` to a command whose profile may be at an upstream. */
export function waitOption(command: Command): Command {
  return command.option(
    '--wait <seconds>',
    'how long to wait for the upstream of the profile, 0 to 60; without it, 10',
    numberFrom(0, 60),
  );
}

/** The options of the call. */
export function waitIn({ wait }: WaitOptions): RequestOptions {
  return wait === undefined ? {} : { headers: { prefer: `wait=${wait}` } };
}
