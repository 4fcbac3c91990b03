import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { showOrdered } from '../../rest/order-terms.ts';
import { iccidArgument } from '../../values.ts';

/** `esim profile restock`: puts a profile back into stock. */
export function configure(command: Command): void {
  restOptions(command).argument('<iccid>', 'the profile', iccidArgument).action(restock);
  examples(command, {
    'esim profile restock 8900101000000001009': 'it is AVAILABLE again, without its order',
  });
}

async function restock(iccid: Iccid, options: RestOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.restockEUICCProfile(iccid));
  showOrdered(options, data);
}
