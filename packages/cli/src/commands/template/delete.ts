import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';

/** `esim template delete`: nothing is made from it any more; what was made stays. */
export function configure(command: Command): void {
  restOptions(command).argument('<type>', 'the profile type').action(deleteTemplate);
  examples(command, { 'esim template delete basic': 'from now on orders are served from stock only' });
}

async function deleteTemplate(type: string, options: RestOptions): Promise<void> {
  await askApi(options, (api) => api.deleteProfileTemplate(type));
  show(options, { deleted: type }, `The template of ${type} is deleted; its profiles stay.`);
}
