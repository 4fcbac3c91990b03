import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show as write } from '../../output.ts';
import { asking } from '../../rest/api.ts';
import { type ApiOptions, apiOptions } from '../../rest/options.ts';
import { profileText } from '../../rest/profile-text.ts';
import { iccidArgument } from '../../values.ts';

/** `esim profile show`: what is known of one profile. */
export function configure(command: Command): void {
  apiOptions(command).argument('<iccid>', 'ICCID of the profile', iccidArgument).action(show);
  examples(command, {
    'esim profile show 8900101000000000019': 'show its state, activation code and order',
    'esim profile show 8900101000000000019 --json': 'the same as the API answers it',
  });
}

async function show(iccid: string, options: ApiOptions): Promise<void> {
  const { data } = await asking(options, (api) => api.getEUICCProfile(iccid));
  write(options, data, profileText(data));
}
