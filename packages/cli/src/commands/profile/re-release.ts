import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { expiryOption, showOrder } from '../../rest/order-terms.ts';
import { type WaitOptions, waitIn, waitOption } from '../../upstream/wait.ts';
import { iccidArgument } from '../../values.ts';

type Options = RestOptions & WaitOptions & { readonly expiresAt?: string };

/** `esim profile re-release`: allows another download of a profile. */
export function configure(command: Command): void {
  expiryOption(waitOption(restOptions(command)).argument('<iccid>', 'the profile', iccidArgument)).action(
    reRelease,
  );
  examples(command, {
    'esim profile re-release 8900101000000001009':
      'after a failed or lost download, or if the reuse policy allows it',
    'esim profile re-release 8900101000000001009 --expires-at 7d': 'after its order expired',
  });
}

async function reRelease(iccid: Iccid, { expiresAt, ...options }: Options): Promise<void> {
  const request = expiresAt === undefined ? {} : { expires_at: expiresAt === 'never' ? null : expiresAt };
  const { data } = await askApi(options, (api) => api.reReleaseEUICCProfile(iccid, request, waitIn(options)));
  showOrder(options, data);
}
