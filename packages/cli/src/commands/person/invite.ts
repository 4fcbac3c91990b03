import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { personId, personName, showInvitation } from '../../person/text.ts';
import { askApi } from '../../rest/ask-api.ts';
import { mailLanguage } from '../../rest/mail-text.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { afterAttempt, showDelivery } from '../../rest/settled-delivery.ts';
import { valueBy } from '../../values.ts';

type Options = RestOptions & { readonly mail?: true; readonly language?: string };

/** `esim person invite`: invites a person again, with a link to send or by mail; earlier invitations end. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<person>', 'e-mail address or id', valueBy(personName))
    .option('--mail', 'mail the link to the person instead of printing it')
    .option(
      '--language <tag>',
      'with --mail: language of the mail, such as de; default: en',
      valueBy(mailLanguage),
    )
    .action(invite);
  examples(command, {
    'esim person invite ada@example.com': 'a new link, also after a forgotten password',
    'esim person invite ada@example.com --mail --language de': 'let the server mail the link, in German',
  });
}

async function invite(person: string, { mail, language, ...options }: Options): Promise<void> {
  if (language !== undefined && !mail)
    throw new CliError('--language needs --mail: it is the language of the mail', 2);
  if (mail) return mailLink(person, language, options);
  const { data } = await askApi(options, async (api) => api.invitePerson(await personId(api, person)));
  showInvitation(options, data);
}

async function mailLink(person: string, language: string | undefined, options: RestOptions): Promise<void> {
  const delivery = await askApi(options, async (api) => {
    const id = await personId(api, person);
    const { data } = await api.mailInvitation(id, { ...(language !== undefined && { language }) });
    return afterAttempt(data, (query) => api.listMailDeliveries(query));
  });
  showDelivery(options, delivery);
}
