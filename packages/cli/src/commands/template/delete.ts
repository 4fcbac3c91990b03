import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';

/** `esim template delete`: deletes a template. Its profiles stay. */
export function configure(command: Command): void {
  restOptions(command).argument('<type>', 'the profile type').action(deleteTemplate);
  examples(command, { 'esim template delete basic': 'orders then use only profiles in stock' });
}

async function deleteTemplate(type: string, options: RestOptions): Promise<void> {
  await askApi(options, (api) => api.deleteProfileTemplate(type));
  show(options, { deleted: type }, `The template of ${type} is deleted; its profiles stay.`);
}
