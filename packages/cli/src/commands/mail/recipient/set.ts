import { type AlertKind, alertKinds } from '@esim-rsp/sdk';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Command } from 'commander';
import { examples } from '../../../command.ts';
import { show } from '../../../output.ts';
import { askApi } from '../../../rest/ask-api.ts';
import { mailLanguage } from '../../../rest/mail-text.ts';
import { type RestOptions, restOptions } from '../../../rest/options.ts';
import { valueBy } from '../../../values.ts';

type Options = RestOptions & { readonly alerts?: AlertKind[]; readonly language?: string };

/** `esim mail recipient set`: sends alerts of the account to a mail address. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<address>', 'the mail address')
    .option(
      '--alerts <list>',
      `kinds of alerts separated by commas: ${alertKinds.join(', ')}; default: all`,
      valueBy(alertsFrom),
    )
    .option('--language <tag>', 'language of the mails, such as de; default: en', valueBy(mailLanguage))
    .action(set);
  examples(command, {
    'esim mail recipient set anna@example.com': 'all alerts, in English',
    'esim mail recipient set stock@example.com --alerts low_stock --language de':
      'alerts about low stock, in German',
  });
}

function alertsFrom(list: string): AlertKind[] {
  return [...new Set(list.split(','))].map((word) => {
    const kind = alertKinds.find((one) => one === word);
    if (kind === undefined) throw new ValueError(`some of ${alertKinds.join(', ')} are expected`);
    return kind;
  });
}

async function set(address: string, { alerts, language, ...options }: Options): Promise<void> {
  const request = {
    ...(alerts !== undefined && { kinds: alerts }),
    ...(language !== undefined && { language }),
  };
  const { data } = await askApi(options, (api) => api.putMailRecipient(address, request));
  show(options, data, `${data.address} gets alerts: ${data.kinds.join(', ')}.`);
}
