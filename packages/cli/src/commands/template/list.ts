import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show, table } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';

/** `esim template list`: lists the templates of the account. */
export function configure(command: Command): void {
  restOptions(command).action(list);
  examples(command, { 'esim template list': 'all templates, with the free numbers of each' });
}

async function list(options: RestOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.listProfileTemplates());
  const rows = data.profile_templates.map(({ profile_type, free_numbers, size, keys, profile_name = '' }) => [
    profile_type,
    String(free_numbers),
    String(size),
    keys,
    profile_name,
  ]);
  show(options, data, table(['type', 'free', 'size', 'keys', 'name'], rows));
}
