import type { PersonRole } from '@esim-rsp/sdk';
import { type Command, Option } from 'commander';
import { examples } from '../../command.ts';
import { roles, showInvitation } from '../../person/text.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';

type Options = RestOptions & { readonly name: string; readonly role: PersonRole };

/** `esim person create`: invites a person, and prints the link to send. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<email>', 'e-mail address, with which the person signs in')
    .requiredOption('--name <name>', 'what others call the person')
    .addOption(new Option('--role <role>', 'what the person may do').choices(roles).makeOptionMandatory())
    .action(create);
  examples(command, {
    'esim person create ada@example.com --name Ada --role support':
      'invite somebody for the help desk, who sees no activation codes in lists',
  });
}

async function create(email: string, { name, role, ...options }: Options): Promise<void> {
  const { data } = await askApi(options, (api) => api.createPerson({ email, name, role }));
  showInvitation(options, data);
}
