import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { showOrdered } from '../../rest/order-terms.ts';
import { iccidArgument } from '../../values.ts';

/** `esim profile retire`: takes a profile out of use. */
export function configure(command: Command): void {
  restOptions(command).argument('<iccid>', 'the profile', iccidArgument).action(retire);
  examples(command, { 'esim profile retire 8900101000000001009': 'it is UNAVAILABLE from now on' });
}

async function retire(iccid: Iccid, options: RestOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.retireEUICCProfile(iccid));
  showOrdered(options, data);
}
