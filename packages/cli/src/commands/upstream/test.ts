import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';

/** `esim upstream test`: tries the connection to an upstream, and says what is wrong. */
export function configure(command: Command): void {
  restOptions(command).argument('<name>', 'the upstream').action(test);
  examples(command, { 'esim upstream test vendor': 'check both certificates, TLS and ES2+' });
}

async function test(name: string, options: RestOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.testUpstream(name));
  const lines = data.checks.map(
    ({ check, ok, message }) => `${ok ? 'ok    ' : 'FAILED'}  ${check.padEnd(18)}  ${message}`,
  );
  show(options, data, lines.join('\n'));
  if (!data.ok) throw new CliError(`the connection to ${name} does not work yet`);
}
