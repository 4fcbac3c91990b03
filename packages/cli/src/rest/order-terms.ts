import type { GetEUICCProfileResponse, OrderTerms, ReuseType } from '@esim-rsp/sdk';
import { type Eid, parseEid } from '@esim-rsp/sgp22/value/eid';
import { type MatchingId, parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { reuseTypes } from '@esim-rsp/smdp/state/order';
import { type Command, Option } from 'commander';
import { CliError } from '../command.ts';
import { note, type Shown, show } from '../output.ts';
import { numberFrom, timeFrom, valueBy } from '../values.ts';

/** What an order can be asked to be. */
export type OrderOptions = {
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

/** Adds an option for each term of an order. */
export function orderOptions(command: Command): Command {
  return command
    .option('--eid <eid>', 'only for this eUICC: 32 digits', valueBy(parseEid))
    .option('--matching-id <id>', 'drawn by the server if absent', valueBy(parseMatchingId))
    .option('--default-smdp', 'without a code: the phone of its EID finds it at its default SM-DP+')
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
    .option('--no-release', 'keep it CONFIRMED, so that it cannot be downloaded yet');
}

export function orderTermsFrom(options: OrderOptions): OrderTerms {
  const { eid, defaultSmdp, confirmationCode, expiresAt, reusable } = options;
  if (defaultSmdp && options.matchingId)
    throw new CliError('give either --matching-id or --default-smdp: such an order has none', 2);
  const matchingId = defaultSmdp ? '' : options.matchingId;
  if (confirmationCode === '') throw new CliError('the --confirmation-code is empty', 2);
  return {
    ...(eid !== undefined && { eid }),
    ...(matchingId !== undefined && { matching_id: matchingId }),
    ...(confirmationCode !== undefined && { confirmation_code: confirmationCode }),
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
    ...(reusable && { reusable }),
    ...reusePolicy(options),
  };
}

function reusePolicy(options: OrderOptions): Pick<OrderTerms, 'profile_reuse_policy'> {
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

/** The activation code of a profile that can be downloaded with one, else where it stands. */
export function showOrdered(options: Shown, profile: GetEUICCProfileResponse): void {
  const { activation_code: code, iccid, state } = profile;
  show(options, profile, code === '' ? withoutCode(profile) : code);
  if (code !== '' && !options.json)
    note(`the profile ${iccid} is ${state}; its QR code: esim profile qr ${iccid}`);
}

/** Where there is no code to print: the profile is found by its EID, or not released. */
function withoutCode({ iccid, state, eid, smdp_address }: GetEUICCProfileResponse): string {
  const found =
    state === 'RELEASED' ? `: the eUICC ${eid} finds it at its default SM-DP+ ${smdp_address}` : '';
  return `The profile ${iccid} is ${state}${found}.`;
}
