import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { afterAttempt, showDelivery } from '../../rest/settled-delivery.ts';
import { numberFrom } from '../../values.ts';

/** `esim mail replay`: sends a mail again and prints whether the mail server has accepted it. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<delivery>', 'number of the mail', numberFrom(1, 999_999_999))
    .action(replay);
  examples(command, { 'esim mail replay 17': 'send mail 17 again, as a new mail' });
}

async function replay(id: number, options: RestOptions): Promise<void> {
  const delivery = await askApi(options, async (api) =>
    afterAttempt((await api.replayMailDelivery(id)).data, (query) => api.listMailDeliveries(query)),
  );
  showDelivery(options, delivery);
}
