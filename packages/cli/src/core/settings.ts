import type { CoreColumn, CoreNetworkTime, UpdateCoreNetworkRequest } from '@esim-rsp/sdk';
import { coreNetworkTimes } from '@esim-rsp/sdk';
import { type Command, Option } from 'commander';
import { fileText } from '../file-text.ts';
import { contentOf } from '../rest/parameters.ts';
import { readSecret } from '../rest/webhook-text.ts';
import { numberFrom, valueBy } from '../values.ts';

/** The settings of a core network, as options. */
export type CoreOptions = {
  readonly url?: string;
  readonly ca?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly tokenFile?: string;
  readonly secretFile?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly network?: string;
  readonly plmn?: string;
  readonly when?: CoreNetworkTime;
  readonly remove?: boolean;
  readonly types?: readonly string[];
  readonly amf?: string;
  readonly sqn?: number;
  readonly apn?: string;
  readonly sst?: number;
  readonly sd?: string;
  readonly ambrDown?: number;
  readonly ambrUp?: number;
};

const MOST_MBPS = 4_000_000;

export function coreOptions(command: Command): Command {
  return command
    .option('--url <url>', 'where it is, such as ctrl://10.0.0.5 for osmohlr, or https://core.example.com')
    .option('--ca <file>', 'the CAs to trust, PEM; without it: the public CAs')
    .option('--user <name>', 'the user to log in as (free5gc)')
    .option('--password-file <file>', 'file with the password of the user; - for stdin')
    .option('--token-file <file>', 'file with the Provisioning-Key (pyhss); - for stdin')
    .option('--secret-file <file>', 'file with your secret, whsec_… (push); generated if absent')
    .option('--cert <file>', 'your TLS client certificate, PEM (magma)')
    .option('--key <file>', 'key of that certificate, PEM, without a password')
    .option('--network <id>', 'the id of the network (magma)')
    .option('--plmn <digits>', 'MCC and MNC (free5gc); without it, those of each IMSI')
    .addOption(
      new Option('--when <time>', 'from when on a subscription is there (default: released)').choices(
        coreNetworkTimes,
      ),
    )
    .option('--remove', 'remove subscriptions of profiles that are retired or deleted (the default)')
    .option('--no-remove', 'leave them there')
    .option('--types <list>', 'only profiles of these types; all: of every type', valueBy(typesFrom))
    .option('--amf <hex>', 'authentication management field (default: 8000)')
    .option('--sqn <number>', 'sequence number to start with (default: 0)', numberFrom(0, 999_999_999))
    .option('--apn <name>', 'APN or DNN (default: internet)')
    .option('--sst <number>', 'SST of the slice (default: 1)', numberFrom(1, 255))
    .option('--sd <hex>', 'SD of the slice (default: none)')
    .option('--ambr-down <mbps>', 'Mbit/s to the phone (default: 1000)', numberFrom(1, MOST_MBPS))
    .option('--ambr-up <mbps>', 'Mbit/s from the phone (default: 1000)', numberFrom(1, MOST_MBPS));
}

function typesFrom(text: string): readonly string[] {
  return text === 'all' ? [] : [...new Set(text.split(',').map((type) => type.trim()))];
}

/** The options as a request. */
export async function coreSettingsIn(options: CoreOptions): Promise<UpdateCoreNetworkRequest> {
  const members = {
    url: options.url,
    ca: options.ca === undefined ? undefined : fileText('--ca', options.ca),
    user: options.user,
    password: await secretText(options.passwordFile),
    token: await secretText(options.tokenFile),
    ...(await readSecret(options.secretFile)),
    client_certificate: options.cert === undefined ? undefined : fileText('--cert', options.cert),
    client_key: options.key === undefined ? undefined : fileText('--key', options.key),
    network: options.network,
    plmn: options.plmn,
    when: options.when,
    remove: options.remove,
    profile_types: options.types,
    amf: options.amf,
    sqn: options.sqn,
    apn: options.apn,
    sst: options.sst,
    sd: options.sd,
    ambr_downlink_mbps: options.ambrDown,
    ambr_uplink_mbps: options.ambrUp,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** An option with the value would show it in shell histories and process lists. */
async function secretText(file: string | undefined): Promise<string | undefined> {
  return file === undefined ? undefined : (await contentOf(file)).toString('utf8').trim();
}

/** Columns of a CSV file, separated by commas. The server checks that they exist. */
export function columnsFrom(text: string): readonly CoreColumn[] {
  return text.split(',').map((column) => column.trim() as CoreColumn);
}
