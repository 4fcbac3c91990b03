import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { afterAttempt, showDelivery } from '../../rest/settled-delivery.ts';
import { iccidArgument } from '../../values.ts';

/** `esim core send`: sends the subscription of a profile now, and prints whether the core network has taken it. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<name>', 'the core network')
    .argument('<iccid>', 'the profile', iccidArgument)
    .action(send);
  examples(command, {
    'esim core send hlr 8900101000000000017': 'for example of a profile that is older than the core network',
  });
}

async function send(name: string, iccid: string, options: RestOptions): Promise<void> {
  const delivery = await askApi(options, async (api) =>
    afterAttempt((await api.sendToCoreNetwork(name, { iccid })).data, (query) =>
      api.listCoreDeliveries(name, query),
    ),
  );
  showDelivery(options, delivery);
}
