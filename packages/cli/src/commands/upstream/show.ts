import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { fields, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { capabilityFields, typeText, upstreamFields } from '../../upstream/text.ts';

/** `esim upstream show`: shows an upstream without its key, the types that come from it, and what can be done with its profiles. */
export function configure(command: Command): void {
  restOptions(command).argument('<name>', 'the upstream').action(showUpstream);
  examples(command, { 'esim upstream show vendor': 'its settings, its certificate and its types' });
}

async function showUpstream(name: string, options: RestOptions): Promise<void> {
  const { upstream, types } = await askApi(options, async (api) => ({
    upstream: (await api.getUpstream(name)).data,
    types: (await api.listUpstreamTypes(name)).data.types,
  }));
  const lines = types.map((type) => ['type', typeText(type)] satisfies [string, string]);
  show(
    options,
    { ...upstream, types },
    fields([...upstreamFields(upstream), ...lines, ...capabilityFields(upstream)]),
  );
}
