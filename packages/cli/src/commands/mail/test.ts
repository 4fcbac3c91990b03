import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { mailLanguage } from '../../rest/mail-text.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { afterAttempt, showDelivery } from '../../rest/settled-delivery.ts';
import { valueBy } from '../../values.ts';

/** `esim mail test`: sends a test mail and prints whether the mail server has accepted it. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<address>', 'the mail address')
    .option('--language <tag>', 'language of the mail, such as de; default: en', valueBy(mailLanguage))
    .action(test);
  examples(command, {
    'esim mail test anna@example.com': 'try connection, TLS, login, sender and recipient',
  });
}

async function test(
  to: string,
  { language, ...options }: RestOptions & { readonly language?: string },
): Promise<void> {
  const delivery = await askApi(options, async (api) =>
    afterAttempt(
      (await api.sendTestMail({ to, ...(language !== undefined && { language }) })).data,
      (query) => api.listMailDeliveries(query),
    ),
  );
  showDelivery(options, delivery);
}
