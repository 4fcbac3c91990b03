import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { note, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { iccidArgument } from '../../values.ts';

type Options = RestOptions & { readonly removeHistory?: true; readonly force?: true };

/** `esim profile delete`: deletes a profile from the server. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<iccid>', 'the profile', iccidArgument)
    .option('--remove-history', 'delete its events too; without this option they stay without personal data')
    .option('--force', 'also if the profile is on a device, or may be: it stays there')
    .action(deleteProfile);
  examples(command, {
    'esim profile delete 8900101000000001009': 'its keys and its order are gone, and its ICCID is free again',
    'esim profile delete 8900101000000001009 --remove-history': 'the same, and its events are gone too',
  });
}

async function deleteProfile(iccid: Iccid, { removeHistory, force, ...options }: Options): Promise<void> {
  const request = {
    history: removeHistory ? 'remove' : 'keep',
    ...(force && { force }),
  } as const;
  await askApi(options, (api) => api.deleteEUICCProfile(iccid, request));
  show(options, { deleted: iccid }, `The profile ${iccid} is deleted; its ICCID is free again.`);
  if (force && !options.json)
    note('if a device has the profile, it stays there; what that device reports is ignored');
}
