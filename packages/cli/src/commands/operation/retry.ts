import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { fields, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { operationFields, operationId } from '../../upstream/operation-text.ts';
import { valueBy } from '../../values.ts';

/** `esim operation retry`: tries something again now that waits for its next attempt at an upstream. */
export function configure(command: Command): void {
  restOptions(command).argument('<id>', 'the operation', valueBy(operationId)).action(retry);
  examples(command, {
    'esim operation list --state waiting': 'find those that wait',
    'esim operation retry op_019c9b1e5d4007070707070707070707': 'the upstream is back: try it again now',
    'esim operation retry op_019c9b1e5d4007070707070707070707 --json': 'the same for programs',
  });
}

async function retry(id: string, options: RestOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.retryOperation(id));
  show(options, data, fields(operationFields(data)));
}
