import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show } from '../../output.ts';
import { personId, personName } from '../../person/text.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { valueBy } from '../../values.ts';

/** `esim person delete-passkey`: deletes a passkey of a person, and ends their sessions. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<person>', 'e-mail address or id', valueBy(personName))
    .argument('<passkey>', "id, as 'esim person passkeys' lists it")
    .action(deletePasskey);
  examples(command, {
    'esim person delete-passkey ada@example.com passkey-0c7be1f2a9d34568':
      'a lost device; ends the sessions too',
  });
}

async function deletePasskey(person: string, passkey: string, options: RestOptions): Promise<void> {
  await askApi(options, async (api) => api.deletePersonPasskey(await personId(api, person), passkey));
  show(
    options,
    { deleted: passkey },
    `The passkey ${passkey} is deleted, and the sessions of ${person} have ended.`,
  );
}
