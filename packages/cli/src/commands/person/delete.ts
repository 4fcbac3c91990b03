import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show } from '../../output.ts';
import { personId, personName } from '../../person/text.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { valueBy } from '../../values.ts';

/** `esim person delete`: deletes a person and their sessions. */
export function configure(command: Command): void {
  restOptions(command).argument('<person>', 'e-mail address or id', valueBy(personName)).action(deletePerson);
  examples(command, { 'esim person delete ada@example.com': 'the audit log keeps the id of the person' });
}

async function deletePerson(person: string, options: RestOptions): Promise<void> {
  await askApi(options, async (api) => api.deletePerson(await personId(api, person)));
  show(options, { deleted: person }, `The person ${person} is deleted.`);
}
