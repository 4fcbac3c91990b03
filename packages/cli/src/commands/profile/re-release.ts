import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { showOrdered } from '../../rest/order-terms.ts';
import { iccidArgument } from '../../values.ts';

/** `esim profile re-release`: lets a profile be downloaded once more. */
export function configure(command: Command): void {
  restOptions(command).argument('<iccid>', 'the profile', iccidArgument).action(reRelease);
  examples(command, {
    'esim profile re-release 8900101000000001009':
      'after a failed or lost download, or as its reuse policy says',
  });
}

async function reRelease(iccid: Iccid, options: RestOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.reReleaseEUICCProfile(iccid));
  showOrdered(options, data);
}
