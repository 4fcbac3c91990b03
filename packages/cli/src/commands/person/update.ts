import type { PersonRole } from '@esim-rsp/sdk';
import { type Command, Option } from 'commander';
import { CliError, examples } from '../../command.ts';
import { show } from '../../output.ts';
import { personId, personName, roles } from '../../person/text.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { valueBy } from '../../values.ts';

type Options = RestOptions & {
  readonly name?: string;
  readonly role?: PersonRole;
  readonly disable?: true;
  readonly enable?: true;
};

/** `esim person update`: changes a person; a change of role or access ends their sessions. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<person>', 'e-mail address or id', valueBy(personName))
    .option('--name <name>', 'what others call the person')
    .addOption(new Option('--role <role>', 'what the person may do').choices(roles))
    .addOption(new Option('--disable', 'end the access of the person').conflicts('enable'))
    .option('--enable', 'give access back')
    .action(update);
  examples(command, {
    'esim person update ada@example.com --role operator': 'more permissions',
    'esim person update ada@example.com --disable': 'end access, and all sessions',
  });
}

async function update(person: string, { name, role, disable, enable, ...options }: Options): Promise<void> {
  const request = {
    ...(name !== undefined && { name }),
    ...(role !== undefined && { role }),
    ...((disable || enable) && { disabled: disable === true }),
  };
  if (Object.keys(request).length === 0)
    throw new CliError("there is nothing to update: see 'esim person update --help'", 2);
  const { data } = await askApi(options, async (api) =>
    api.updatePerson(await personId(api, person), request),
  );
  show(options, data, `${data.email} (${data.name}) is ${data.role}, ${data.state}`);
}
