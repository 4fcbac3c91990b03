import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { afterAttempt, showDelivery } from '../../rest/settled-delivery.ts';
import { numberFrom } from '../../values.ts';

/** `esim operator replay`: sends a message again, as the same call, and prints whether it arrived. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<name>', 'the operator')
    .argument('<delivery>', "number from 'esim operator deliveries'", numberFrom(1, 999_999_999))
    .action(replay);
  examples(command, { 'esim operator replay shop 17': 'send delivery 17 again' });
}

async function replay(name: string, deliveryId: number, options: RestOptions): Promise<void> {
  const delivery = await askApi(options, async (api) =>
    afterAttempt((await api.replayOperatorDelivery(name, deliveryId)).data, (query) =>
      api.listOperatorDeliveries(name, query),
    ),
  );
  showDelivery(options, delivery);
}
