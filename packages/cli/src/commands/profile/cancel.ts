import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { showOrder } from '../../rest/order-terms.ts';
import { type WaitOptions, waitIn, waitOption } from '../../upstream/wait.ts';
import { iccidArgument } from '../../values.ts';

type Options = RestOptions & WaitOptions & { readonly retire?: true };

/** `esim profile cancel`: cancels an order before its download. */
export function configure(command: Command): void {
  waitOption(restOptions(command))
    .argument('<iccid>', 'the profile', iccidArgument)
    .option('--retire', 'make the profile UNAVAILABLE; without this option it is AVAILABLE again')
    .action(cancel);
  examples(command, {
    'esim profile cancel 8900101000000001009': 'the profile is AVAILABLE again',
    'esim profile cancel 8900101000000001009 --retire': 'the profile is UNAVAILABLE',
  });
}

async function cancel(iccid: Iccid, { retire, ...options }: Options): Promise<void> {
  const request = { final_state: retire ? 'UNAVAILABLE' : 'AVAILABLE' } as const;
  const { data } = await askApi(options, (api) => api.cancelEUICCProfile(iccid, request, waitIn(options)));
  showOrder(options, data);
}
