import type { UpdateUpstreamRequest } from '@esim-rsp/sdk';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Command, Option } from 'commander';
import { fileText } from '../file-text.ts';
import { valueBy } from '../values.ts';

type Points = NonNullable<UpdateUpstreamRequest['notification_points']>;

/** The settings of an upstream, as options. */
export type UpstreamOptions = {
  readonly url?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly callbackCert?: string;
  readonly requester?: string;
  readonly smdpAddress?: string;
  readonly adminProtocol?: string;
  readonly statusCall?: NonNullable<UpdateUpstreamRequest['status_call']>;
  readonly repeatsAnswers?: boolean;
  readonly takesBack?: NonNullable<UpdateUpstreamRequest['takes_back']>;
  readonly concurrency?: number;
  readonly timeout?: number;
  readonly iccidPadding?: NonNullable<UpdateUpstreamRequest['iccid_padding']>;
  readonly points?: Points;
};

export function upstreamOptions(command: Command): Command {
  return command
    .option('--url <url>', 'https://host:port of the upstream, with the prefix before /gsma/rsp2/es2plus')
    .option('--cert <file>', 'your TLS client certificate, PEM; those of its issuers may follow')
    .option('--key <file>', 'key of that certificate, PEM, without a password')
    .option('--ca <file>', 'the CAs to trust, PEM; without it: the public CAs')
    .option(
      '--callback-cert <file>',
      'the TLS client certificate of the vendor, or the CA that issues it, PEM; without it, the vendor cannot report downloads',
    )
    .option('--requester <id>', 'functionRequesterIdentifier, which the vendor assigns')
    .option('--smdp-address <host>', 'SM-DP+ address in activation codes')
    .option('--admin-protocol <value>', 'value of X-Admin-Protocol, such as gsma/rsp/v2.2.0')
    .addOption(
      new Option('--status-call <name>', 'the call that says in which state profiles are').choices([
        'none',
        'getProfileStatus',
      ]),
    )
    .option('--repeats-answers', 'a repeated call gets the answer of the first one (the default)')
    .option('--no-repeats-answers', 'a repeated call is a new call at this vendor')
    .addOption(
      new Option('--takes-back <when>', 'until when the vendor takes back an order').choices([
        'never',
        'until_download',
        'always',
      ]),
    )
    .option('--concurrency <count>', 'calls at the same time, 1 to 64', valueBy(wholeNumber))
    .option('--timeout <seconds>', 'how long an answer is waited for, 1 to 120', valueBy(wholeNumber))
    .addOption(
      new Option('--iccid-padding <which>', 'the 20th character of an ICCID of 19 digits').choices([
        'none',
        'upper_f',
        'lower_f',
      ]),
    )
    .option(
      '--points <list>',
      'meanings of notification points, such as 4=installed,101=enabled',
      valueBy(pointsFrom),
    );
}

function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new ValueError('a whole number is expected');
}

function pointsFrom(text: string): Points {
  return text.split(',').map((pair) => {
    const [, point, meaning] = /^(\d{1,3})=([a-z_]+)$/.exec(pair.trim()) ?? [];
    if (point === undefined || meaning === undefined)
      throw new ValueError('pairs with commas between them are expected, such as 4=installed,101=enabled');
    return { point: Number(point), meaning: meaning as Points[number]['meaning'] };
  });
}

/** The options as a request. */
export function settingsIn(options: UpstreamOptions): UpdateUpstreamRequest {
  const members = {
    url: options.url,
    client_certificate: contentOf('--cert', options.cert),
    client_key: contentOf('--key', options.key),
    ca: contentOf('--ca', options.ca),
    callback_certificate: contentOf('--callback-cert', options.callbackCert),
    requester_identifier: options.requester,
    smdp_address: options.smdpAddress,
    admin_protocol: options.adminProtocol,
    status_call: options.statusCall,
    repeats_answers: options.repeatsAnswers,
    takes_back: options.takesBack,
    concurrency: options.concurrency,
    timeout_seconds: options.timeout,
    iccid_padding: options.iccidPadding,
    notification_points: options.points,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function contentOf(flag: string, file: string | undefined): string | undefined {
  return file === undefined ? undefined : fileText(flag, file);
}
