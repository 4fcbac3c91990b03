import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { afterAttempt, showDelivery } from '../../rest/settled-delivery.ts';
import { numberFrom } from '../../values.ts';

/** `esim core replay`: does a delivery again, as the profile is now, and prints whether it has arrived. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<name>', 'the core network')
    .argument('<delivery>', 'number of the delivery', numberFrom(1, 999_999_999))
    .action(replay);
  examples(command, { 'esim core replay hlr 17': 'do delivery 17 again' });
}

async function replay(name: string, deliveryId: number, options: RestOptions): Promise<void> {
  const delivery = await askApi(options, async (api) =>
    afterAttempt((await api.replayCoreDelivery(name, deliveryId)).data, (query) =>
      api.listCoreDeliveries(name, query),
    ),
  );
  showDelivery(options, delivery);
}
