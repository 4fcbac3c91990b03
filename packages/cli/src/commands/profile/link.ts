import type { CreateInstallLinkRequest, ESIMRSPApi, InstallLink } from '@esim-rsp/sdk';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { fields, note, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { iccidArgument, instantFrom, valueBy } from '../../values.ts';

type Options = RestOptions & {
  readonly expiresAt?: string;
  readonly sendTo?: string;
  readonly language?: string;
  readonly show?: true;
  readonly revoke?: true;
};

/** `esim profile link`: the page on which a customer installs a profile. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<iccid>', 'the ordered profile', iccidArgument)
    .option(
      '--expires-at <time>',
      'when the link expires; by default with the order, and after 30 days at the latest',
      valueBy(instantFrom),
    )
    .option('--send-to <address>', 'send the link by mail to the customer')
    .option('--language <language>', 'of the mail, such as de; by default that of the brand')
    .option('--show', 'show state, expiry and views of the link; its URL is shown only when it is created')
    .option('--revoke', 'revoke the links of the profile')
    .action(link);
  examples(command, {
    'esim profile link 8900101000000000019': 'create a link; an earlier one of the order is revoked',
    'esim profile link 8900101000000000019 --send-to anna@example.com --language de':
      'create a link and send it by mail',
    'esim profile link 8900101000000000019 --show': 'how often the customer has opened it',
    'esim profile link 8900101000000000019 --revoke': 'the page shows nothing any more',
  });
}

async function link(iccid: Iccid, options: Options): Promise<void> {
  const { expiresAt, sendTo, language, show: isShown, revoke } = options;
  const creates = expiresAt ?? sendTo ?? language;
  if ([creates, isShown, revoke].filter((one) => one !== undefined).length > 1)
    throw new CliError('--show and --revoke go with no other option: they create no link', 2);
  if (language !== undefined && sendTo === undefined)
    throw new CliError('--language is that of the mail: add --send-to', 2);
  await askApi(options, (api) => {
    if (revoke) return revokeLinks(api, iccid, options);
    return isShown ? showLink(api, iccid, options) : createLink(api, iccid, options);
  });
}

async function createLink(api: ESIMRSPApi, iccid: Iccid, options: Options): Promise<void> {
  const { expiresAt: expires_at, sendTo: send_to, language } = options;
  const request: CreateInstallLinkRequest = {
    ...(expires_at !== undefined && { expires_at }),
    ...(send_to !== undefined && { send_to }),
    ...(language !== undefined && { language }),
  };
  const { data } = await api.createInstallLink(iccid, request);
  show(options, data, data.url);
  if (options.json) return;
  note(`it works until ${data.expires_at}, and is not shown again`);
  if (isOfThisMachine(data.url))
    note('only browsers on the machine of the server can open it: set ESIM_INSTALL_URL there');
  if (send_to !== undefined) note(`it is sent to ${send_to}: --show says whether it has arrived`);
}

function isOfThisMachine(url: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

async function showLink(api: ESIMRSPApi, iccid: Iccid, options: Options): Promise<void> {
  const { data } = await api.getInstallLink(iccid);
  show(options, data, fields(linesOf(data)));
}

function linesOf(link: InstallLink): (readonly [string, string])[] {
  const { mail, ...others } = link;
  const all = { ...others, ...(mail && { mail: `${mail.state}, to ${mail.to}` }) };
  return Object.entries(all).map(([name, value]) => [name.replaceAll('_', ' '), String(value)]);
}

async function revokeLinks(api: ESIMRSPApi, iccid: Iccid, options: Options): Promise<void> {
  await api.deleteInstallLink(iccid);
  show(options, { iccid, revoked: true }, `The install links of ${iccid} are revoked.`);
}
