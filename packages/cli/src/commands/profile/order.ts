import type { OrderEUICCProfileRequest, ReuseType } from '@esim-rsp/sdk';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { show } from '../../output.ts';
import { asking } from '../../rest/api.ts';
import { type ApiOptions, apiOptions } from '../../rest/options.ts';
import { reuseTypes } from '../../rest/words.ts';
import { iccidArgument, numberFrom, oneOf, valueBy } from '../../values.ts';

type Options = ApiOptions & {
  readonly eid?: string;
  readonly matchingId?: string;
  readonly defaultSmdp?: true;
  readonly confirmationCode?: string;
  readonly reuseType?: ReuseType;
  readonly reuseCount?: number;
  readonly reuseCooldown?: number;
  readonly release: boolean;
};

/** `esim profile order`: orders a stocked profile for one download. */
export function configure(command: Command): void {
  apiOptions(command)
    .argument('<iccid>', 'ICCID of the profile', iccidArgument)
    .option('--eid <eid>', 'the only eUICC that may download; any if absent', valueBy(parseEid))
    .option('--matching-id <id>', 'MatchingID; drawn if absent', valueBy(parseMatchingId))
    .option('--default-smdp', 'no MatchingID: the phone finds the order by its EID')
    .option('--confirmation-code <code>', 'what the user has to type')
    .option(
      '--reuse-type <type>',
      `what may happen after a deletion: ${reuseTypes.join(', ')}`,
      oneOf(reuseTypes),
    )
    .option('--reuse-count <number>', 'how often it may be released again', numberFrom(0, 1_000_000))
    .option('--reuse-cooldown <seconds>', 'how long it rests before that', numberFrom(0, 315_360_000))
    .option('--no-release', 'confirm only: it cannot be downloaded yet')
    .action(order);
  examples(command, {
    'esim profile order 8900101000000000043': 'release it for the first phone that scans its code',
    'esim profile order 8900101000000000043 --confirmation-code 1234': 'ask the user for a code',
    'esim profile order 8900101000000000043 --eid <eid> --default-smdp':
      'let one phone find it without a code',
  });
}

async function order(iccid: string, options: Options): Promise<void> {
  const request = requestFrom(options);
  const { data } = await asking(options, (api) => api.orderEUICCProfile(iccid, request));
  const { state, activation_code: code, smdp_address: address } = data;
  const how =
    code || (state === 'RELEASED' ? `its phone finds it at ${address}` : 'it has no activation code yet');
  show(options, data, `${iccid} is ${state}\n${how}`);
}

function requestFrom(options: Options): OrderEUICCProfileRequest {
  const { eid, matchingId, defaultSmdp, confirmationCode, release } = options;
  if (defaultSmdp && matchingId) throw new CliError('--default-smdp and --matching-id exclude each other', 2);
  if (defaultSmdp && eid === undefined) throw new CliError('--default-smdp needs the --eid of the phone', 2);
  const policy = reusePolicyFrom(options);
  return {
    ...(eid !== undefined && { eid }),
    ...(matchingId !== undefined && { matching_id: matchingId }),
    ...(defaultSmdp && { matching_id: '' }),
    ...(confirmationCode !== undefined && { confirmation_code: confirmationCode }),
    ...(policy !== undefined && { profile_reuse_policy: policy }),
    release,
  };
}

function reusePolicyFrom({ reuseType, reuseCount, reuseCooldown }: Options) {
  if (reuseType !== undefined)
    return {
      reuse_type: reuseType,
      ...(reuseCount !== undefined && { max_count: reuseCount }),
      ...(reuseCooldown !== undefined && { cooldownPeriod: reuseCooldown }),
    };
  if (reuseCount === undefined && reuseCooldown === undefined) return undefined;
  throw new CliError('--reuse-count and --reuse-cooldown need a --reuse-type', 2);
}
