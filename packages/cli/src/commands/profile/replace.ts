import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { fields, note } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { type OrderOptions, orderTermsFrom, showOrder, termOptions } from '../../rest/order-terms.ts';
import { type WaitOptions, waitIn, waitOption } from '../../upstream/wait.ts';
import { iccidArgument } from '../../values.ts';

type Options = RestOptions & WaitOptions & Omit<OrderOptions, 'release'> & { readonly another?: true };

/** `esim profile replace`: a new order in the place of an earlier one. */
export function configure(command: Command): void {
  termOptions(waitOption(restOptions(command)).argument('<iccid>', 'the ordered profile', iccidArgument))
    .option('--another', 'by another profile of its type; this one is then UNAVAILABLE')
    .action(replace);
  examples(command, {
    'esim profile replace 8900101000000001009': 'a new activation code for the same profile',
    'esim profile replace 8900101000000001009 --another': 'another profile, because the phone is lost',
  });
}

async function replace(iccid: Iccid, { another, ...options }: Options): Promise<void> {
  const terms = await orderTermsFrom({ ...options, release: true });
  const request = { by: another ? 'another' : 'same', ...terms } as const;
  const { data } = await askApi(options, (api) => api.replaceEUICCProfile(iccid, request, waitIn(options)));
  showOrder(options, data);
  if (data.subscription === undefined || options.json) return;
  note('the order created this profile; its keys are not shown again:');
  note(fields(Object.entries(data.subscription)));
}
