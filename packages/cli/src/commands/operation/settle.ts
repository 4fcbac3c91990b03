import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { type Command, Option } from 'commander';
import { CliError, examples } from '../../command.ts';
import { fields, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { readOptionalSecret } from '../../secret-value.ts';
import { operationFields, operationId } from '../../upstream/operation-text.ts';
import { iccidArgument, valueBy } from '../../values.ts';

const outcomes = ['done', 'not_done'] as const;

type Options = RestOptions & {
  readonly outcome?: (typeof outcomes)[number];
  readonly iccid?: Iccid;
  readonly matchingId?: string;
  readonly smdpAddress?: string;
};

/** `esim operation settle`: says whether an upstream has done a call whose outcome is not known. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<id>', 'the operation', valueBy(operationId))
    .addOption(
      new Option('--outcome <outcome>', 'whether the upstream has done the present call').choices(outcomes),
    )
    .option(
      '--iccid <iccid>',
      'of an order of a type: the profile that the upstream shows for the order',
      iccidArgument,
    )
    .option(
      '--matching-id <text|@file>',
      'of confirmOrder: the MatchingID that the upstream shows for the order; @file: in a file',
    )
    .option('--smdp-address <host>', 'of confirmOrder: the SM-DP+ address, if it is not the usual one')
    .action(settle);
  examples(command, {
    'esim operation settle op_019c9b1e5d4007070707070707070707 --outcome not_done':
      'the upstream has nothing of it: the operation is refused',
    'esim operation settle op_019c9b1e5d4007070707070707070707 --outcome done --iccid 8988201000000000011':
      'the upstream has reserved this profile for an order of a type',
    'esim operation settle op_019c9b1e5d4007070707070707070707 --outcome done --matching-id @id.txt':
      'the upstream has confirmed the order with this MatchingID',
  });
}

async function settle(
  id: string,
  { outcome, iccid, matchingId, smdpAddress, ...options }: Options,
): Promise<void> {
  if (outcome === undefined) throw new CliError('add --outcome done or --outcome not_done', 2);
  const matching_id = await readOptionalSecret('--matching-id', matchingId);
  const request = {
    outcome,
    ...(iccid !== undefined && { iccid }),
    ...(matching_id !== undefined && { matching_id }),
    ...(smdpAddress !== undefined && { smdp_address: smdpAddress }),
  };
  const { data } = await askApi(options, (api) => api.settleOperation(id, request));
  show(options, data, fields(operationFields(data)));
}
