import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { showOrdered } from '../../rest/order-terms.ts';
import { iccidArgument } from '../../values.ts';

/** `esim profile release`: releases a CONFIRMED profile and tells its activation code. */
export function configure(command: Command): void {
  restOptions(command).argument('<iccid>', 'the profile', iccidArgument).action(release);
  examples(command, { 'esim profile release 8900101000000001009': 'it can be downloaded from now on' });
}

async function release(iccid: Iccid, options: RestOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.releaseEUICCProfile(iccid));
  showOrdered(options, data);
}
