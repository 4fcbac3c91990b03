import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { fields, note, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { adviceFor, operationFields, operationId } from '../../upstream/operation-text.ts';
import { valueBy } from '../../values.ts';

/** `esim operation show`: shows something that was requested from an upstream. */
export function configure(command: Command): void {
  restOptions(command).argument('<id>', 'the operation', valueBy(operationId)).action(showOperation);
  examples(command, {
    'esim operation show op_019c9b1e5d4007070707070707070707': 'how far it is, or how it ended',
  });
}

async function showOperation(id: string, options: RestOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.getOperation(id));
  show(options, data, fields(operationFields(data)));
  const advice = adviceFor(data);
  if (advice !== undefined && !options.json) note(advice);
}
