import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { type OrderOptions, orderOptions, orderTermsFrom, showOrder } from '../../rest/order-terms.ts';
import { type WaitOptions, waitIn, waitOption } from '../../upstream/wait.ts';
import { iccidArgument } from '../../values.ts';

/** `esim profile confirm`: confirms the order of a reserved profile and prints its activation code. */
export function configure(command: Command): void {
  orderOptions(waitOption(restOptions(command)).argument('<iccid>', 'the profile', iccidArgument)).action(
    confirm,
  );
  examples(command, {
    'esim profile confirm 8900101000000001009': 'release the profile that was ordered with --no-confirm',
    'esim profile confirm 8900101000000001009 --confirmation-code @code.txt --no-release':
      "with a confirmation code; it can be downloaded after 'esim profile release'",
  });
}

async function confirm(iccid: Iccid, options: RestOptions & OrderOptions & WaitOptions): Promise<void> {
  const request = { ...(await orderTermsFrom(options)), release: options.release };
  const { data } = await askApi(options, (api) => api.confirmEUICCProfile(iccid, request, waitIn(options)));
  showOrder(options, data);
}
