import type { GeneratedSubscription, OrderEUICCProfileOfTypeRequest } from '@esim-rsp/sdk';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { fields, note } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { newKeysFile } from '../../rest/keys-file.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { type OrderOptions, orderOptions, orderTermsFrom, showOrder } from '../../rest/order-terms.ts';
import { type WaitOptions, waitIn, waitOption } from '../../upstream/wait.ts';
import { iccidArgument } from '../../values.ts';

type Options = RestOptions &
  OrderOptions &
  WaitOptions & { readonly confirm: boolean; readonly type?: string; readonly keys?: string };

/** `esim profile order`: orders a profile for one download and prints its activation code. */
export function configure(command: Command): void {
  orderOptions(
    waitOption(restOptions(command)).argument('[iccid]', 'the profile, unless you use --type', iccidArgument),
  )
    .option(
      '--type <type>',
      'a profile of this type: the oldest in stock, or a new one from the template of the type',
    )
    .option(
      '--keys <file>',
      'new file for the keys, if the order creates a profile; without it the keys are printed',
    )
    .option(
      '--no-confirm',
      "only reserve the profile, for --eid or for any eUICC; then use 'esim profile confirm'",
    )
    .action(order);
  examples(command, {
    'esim profile order 8900101000000001009': 'release it for any phone and print its activation code',
    'esim profile order 8900101000000001009 --confirmation-code @code.txt':
      'the same with the confirmation code that is in a file',
    'esim profile order 8900101000000001009 --eid 89049032000000000000000000000163 --default-smdp':
      'for one phone, without an activation code',
    'esim profile order 8900101000000001009 --expires-at 7d': 'the order expires after a week',
    'esim profile order --type basic': 'a profile of this type',
  });
}

async function order(iccid: Iccid | undefined, options: Options): Promise<void> {
  const { confirm, release, type } = options;
  if ((iccid === undefined) === (type === undefined))
    throw new CliError('use either the ICCID of a profile or --type', 2);
  if (type === undefined && options.keys !== undefined)
    throw new CliError(
      '--keys needs --type: the keys of an existing profile were shown when it was created',
      2,
    );
  const terms = await orderTermsFrom(options);
  if (terms.matching_id === '' && terms.eid === undefined)
    throw new CliError('an order for the default SM-DP+ needs --eid: the phone finds it by its EID', 2);
  const request = { ...terms, ...(confirm ? { release } : { confirm }) };
  if (type !== undefined) return orderOfType({ profile_type: type, ...request }, options);
  const { data } = await askApi(options, (api) =>
    api.orderEUICCProfile(iccid as Iccid, request, waitIn(options)),
  );
  showOrder(options, data);
}

async function orderOfType(request: OrderEUICCProfileOfTypeRequest, options: Options): Promise<void> {
  const file = options.keys === undefined ? undefined : newKeysFile(options.keys);
  try {
    const { data } = await askApi(options, (api) => api.orderEUICCProfileOfType(request, waitIn(options)));
    const { subscription, ...profile } = data;
    file?.write(subscription === undefined ? [] : [subscription]);
    showOrder(options, file === undefined ? data : profile);
    if (subscription !== undefined) noteKeys(subscription, options);
  } finally {
    file?.close();
  }
}

/** Prints the keys of a new profile, which are shown once. With --json they are in the answer, or in the file. */
function noteKeys(subscription: GeneratedSubscription, { keys, json }: Options): void {
  if (keys !== undefined) note(`the keys of the profile are in ${keys}; they are not shown again`);
  else if (!json) {
    note('the order created this profile; its keys are not shown again:');
    note(fields(Object.entries(subscription)));
  }
}
