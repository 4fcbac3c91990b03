import type { GetEUICCProfileResponse, OrderEUICCProfileRequest, ReuseType } from '@esim-rsp/sdk';
import { type Eid, parseEid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { type MatchingId, parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { type Command, Option } from 'commander';
import { CliError, examples } from '../../command.ts';
import { note, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { iccidArgument, numberFrom, timeFrom, valueBy } from '../../values.ts';

type Options = RestOptions & {
  readonly eid?: Eid;
  readonly matchingId?: MatchingId;
  readonly defaultSmdp?: true;
  readonly confirmationCode?: string;
  readonly expiresAt?: number;
  readonly reusable?: true;
  readonly reuseType?: ReuseType;
  readonly reuseCount?: number;
  readonly reuseCooldown?: number;
  readonly release: boolean;
};

const reuseTypes: readonly ReuseType[] = [
  'NEVER',
  'SAME_EID_MID',
  'SAME_EID',
  'SAME_MID',
  'NEW_EID',
  'NEW_EID_MID',
];

/** `esim profile order`: orders a stocked profile for one download and tells its activation code. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<iccid>', 'the profile', iccidArgument)
    .option('--eid <eid>', 'only for this eUICC: 32 digits', valueBy(parseEid))
    .option('--matching-id <id>', 'drawn by the server if absent', valueBy(parseMatchingId))
    .option('--default-smdp', 'without a code: the phone of --eid finds it at its default SM-DP+')
    .option('--confirmation-code <code>', 'which the user has to type on the phone')
    .option(
      '--expires-at <time>',
      'when it ends: 30m, 12h or 7d from now, a date as 2030-01-31T18:00:00Z, or Unix seconds',
      valueBy(timeFrom),
    )
    .option('--reusable', 'for labs: any number of downloads, and it stays RELEASED')
    .addOption(new Option('--reuse-type <type>', 'who may download it again').choices(reuseTypes))
    .option('--reuse-count <n>', 'how often; 1 if absent', numberFrom(0, 1_000_000))
    .option('--reuse-cooldown <seconds>', 'how long after it was deleted', numberFrom(0, 315_360_000))
    .option('--no-release', 'keep it CONFIRMED, so that it cannot be downloaded yet')
    .action(order);
  examples(command, {
    'esim profile order 8900101000000001009': 'release it for any phone and print its activation code',
    'esim profile order 8900101000000001009 --confirmation-code 2468':
      'the same, and the user is asked for a code',
    'esim profile order 8900101000000001009 --eid 89049032000000000000000000000163 --default-smdp':
      'for one phone, which needs no code',
    'esim profile order 8900101000000001009 --expires-at 7d': 'for a week',
  });
}

async function order(iccid: Iccid, options: Options): Promise<void> {
  const request = requestFrom(options);
  const { data } = await askApi(options, (api) => api.orderEUICCProfile(iccid, request));
  const { activation_code: code } = data;
  show(options, data, code === '' ? withoutCode(data) : code);
  if (code !== '' && !options.json)
    note(`the profile ${iccid} is ${data.state}; its QR code: esim profile qr ${iccid}`);
}

function requestFrom(options: Options): OrderEUICCProfileRequest {
  const { eid, defaultSmdp, confirmationCode, release, expiresAt, reusable } = options;
  if (defaultSmdp && options.matchingId)
    throw new CliError('give either --matching-id or --default-smdp: such an order has none', 2);
  const matchingId = defaultSmdp ? '' : options.matchingId;
  if (matchingId === '' && eid === undefined)
    throw new CliError('an order without a MatchingID is found by its --eid: give one', 2);
  if (confirmationCode === '') throw new CliError('the --confirmation-code is empty', 2);
  return {
    release,
    ...(eid !== undefined && { eid }),
    ...(matchingId !== undefined && { matching_id: matchingId }),
    ...(confirmationCode !== undefined && { confirmation_code: confirmationCode }),
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
    ...(reusable && { reusable }),
    ...reusePolicy(options),
  };
}

function reusePolicy(options: Options): Pick<OrderEUICCProfileRequest, 'profile_reuse_policy'> {
  const { reuseType, reuseCount, reuseCooldown } = options;
  if (reuseType === undefined && (reuseCount !== undefined || reuseCooldown !== undefined))
    throw new CliError('--reuse-count and --reuse-cooldown need a --reuse-type', 2);
  if (reuseType === undefined) return {};
  return {
    profile_reuse_policy: {
      reuse_type: reuseType,
      ...(reuseCount !== undefined && { max_count: reuseCount }),
      ...(reuseCooldown !== undefined && { cooldownPeriod: reuseCooldown }),
    },
  };
}

/** Where there is no code to print: the profile is found by its EID, or not released. */
function withoutCode({ iccid, state, eid, smdp_address }: GetEUICCProfileResponse): string {
  const found =
    state === 'RELEASED' ? `: the eUICC ${eid} finds it at its default SM-DP+ ${smdp_address}` : '';
  return `The profile ${iccid} is ${state}${found}.`;
}
