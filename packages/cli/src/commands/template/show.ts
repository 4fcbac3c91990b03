import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { fields, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { templateFields } from '../../rest/template-text.ts';

/** `esim template show`: shows a template. */
export function configure(command: Command): void {
  restOptions(command).argument('<type>', 'the profile type').action(showTemplate);
  examples(command, { 'esim template show basic': 'its ranges, and the number of free numbers' });
}

async function showTemplate(type: string, options: RestOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.getProfileTemplate(type));
  show(options, data, fields(templateFields(data)));
}
